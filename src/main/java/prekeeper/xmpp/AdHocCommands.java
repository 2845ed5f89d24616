package prekeeper.xmpp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.dom4j.Element;
import org.dom4j.QName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.forms.DataForm;
import org.xmpp.packet.IQ;
import prekeeper.service.Peer;
import prekeeper.store.StorageException;

/**
 * XEP-0050: shows each caller the commands that are for them, and leads through their stages. Executions that nobody goes on with
 * end after ten minutes, and their number is bounded. Thread-safe.
 */
final class AdHocCommands {
    static final String NAMESPACE = "http://jabber.org/protocol/commands";

    private static final Logger LOG = LoggerFactory.getLogger(AdHocCommands.class);
    private static final Duration TIME_LIMIT = Duration.ofMinutes(10);
    private static final int MOST_EXECUTIONS = 1_000;

    private final Set<String> administrators;
    private final Map<String, Command> commands = new LinkedHashMap<>();
    private final Cache<String, Execution> executions;

    /**
     * One execution of a command that waits for its caller.
     *
     * @param address the caller's full JID
     * @param stages those that were shown, the present one first
     */
    private record Execution(Command command, String address, Deque<Stage.Ask> stages) {}

    /** @param administrators prepared bare JIDs */
    AdHocCommands(Set<String> administrators, List<Command> commands, InstantSource clock) {
        this.administrators = Set.copyOf(administrators);
        commands.forEach(command -> this.commands.put(command.node(), command));
        executions = Caffeine.newBuilder()
                .maximumSize(MOST_EXECUTIONS)
                .expireAfterWrite(TIME_LIMIT)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .executor(Runnable::run)
                .build();
    }

    /** The commands that {@code caller} may use, in their order. */
    List<Command> visibleTo(Peer caller) {
        return commands.values().stream()
                .filter(command -> mayUse(caller, command))
                .toList();
    }

    /** The command of {@code node}, if {@code caller} may use it. */
    Optional<Command> visibleTo(Peer caller, String node) {
        return Optional.ofNullable(commands.get(node)).filter(command -> mayUse(caller, command));
    }

    private boolean mayUse(Peer caller, Command command) {
        return switch (command.audience()) {
            case ADMINISTRATORS -> administrators.contains(caller.account());
            case EVERYBODY -> caller.account().indexOf('@') > 0;
        };
    }

    /** The next step of an execution, or the first of a new one. */
    IQ answer(IQ request) {
        Optional<Peer> caller = Peers.of(request.getFrom());
        if (caller.isEmpty()) {
            return StanzaErrors.malformedAddress(request);
        }
        Command command = commands.get(request.getChildElement().attributeValue("node", ""));
        if (command == null) {
            return StanzaErrors.itemNotFound(request);
        }
        if (!mayUse(caller.get(), command)) {
            return StanzaErrors.forbidden(request);
        }
        try {
            return answer(request, caller.get(), command);
        } catch (StorageException e) {
            LOG.debug("{}", e.getMessage()); // the store has told administrators
            return StanzaErrors.storeUnavailable(request);
        }
    }

    private IQ answer(IQ request, Peer caller, Command command) {
        Element asked = request.getChildElement();
        Optional<Action> action = Action.of(asked.attributeValue("action", "execute"));
        if (action.isEmpty()) {
            return StanzaErrors.badCommand(request, "malformed-action");
        }
        String id = asked.attributeValue("sessionid");
        if (id == null) {
            return action.get() == Action.EXECUTE
                    ? begin(request, caller, command)
                    : StanzaErrors.badCommand(request, "bad-action");
        }
        Execution execution = executions.asMap().remove(id); // so that no second request goes on with it meanwhile
        if (execution == null) {
            return StanzaErrors.badCommand(request, "bad-sessionid");
        }
        if (execution.command != command || !execution.address.equals(caller.address())) {
            executions.put(id, execution);
            return StanzaErrors.badCommand(request, "bad-sessionid");
        }
        return goOn(request, id, execution, action.get());
    }

    private IQ begin(IQ request, Peer caller, Command command) {
        Execution execution = new Execution(command, caller.address(), new ArrayDeque<>());
        return show(request, UUID.randomUUID().toString(), execution, command.begin(caller));
    }

    private IQ goOn(IQ request, String id, Execution execution, Action action) {
        Stage.Ask present = execution.stages.getFirst();
        switch (action) {
            case CANCEL -> {
                return command(request, id, execution, "canceled");
            }
            case PREV -> {
                if (execution.stages.size() == 1) {
                    return stay(request, id, execution, "bad-action");
                }
                execution.stages.pop();
                return ask(request, id, execution, Optional.empty());
            }
            case NEXT, COMPLETE -> {
                if (present.last() != (action == Action.COMPLETE)) {
                    return stay(request, id, execution, "bad-action");
                }
            }
            case EXECUTE -> {} // whatever comes next
        }
        Optional<DataForm> form = submitted(request.getChildElement());
        if (form.isEmpty() && !present.form().getFields().isEmpty()) {
            return stay(request, id, execution, "bad-payload");
        }
        try {
            return show(request, id, execution, present.next().apply(new Submission(form)));
        } catch (InvalidInputException e) {
            return ask(request, id, execution, Optional.of(new Stage.Note(Stage.Note.Kind.ERROR, e.getMessage())));
        } catch (StorageException e) {
            executions.put(id, execution); // worth another try
            throw e;
        }
    }

    private static Optional<DataForm> submitted(Element asked) {
        return Optional.ofNullable(asked.element(QName.get(DataForm.ELEMENT_NAME, DataForm.NAMESPACE)))
                .filter(x -> "submit".equals(x.attributeValue("type")))
                .map(DataForm::new);
    }

    private IQ show(IQ request, String id, Execution execution, Stage stage) {
        if (stage instanceof Stage.Ask ask) {
            execution.stages.push(ask);
            return ask(request, id, execution, Optional.empty());
        }
        Stage.Done done = (Stage.Done) stage;
        IQ answer = command(request, id, execution, "completed");
        done.note().ifPresent(note -> add(answer, note));
        done.result().ifPresent(form -> answer.getChildElement().add(form.getElement()));
        return answer;
    }

    private IQ ask(IQ request, String id, Execution execution, Optional<Stage.Note> note) {
        Stage.Ask present = execution.stages.getFirst();
        executions.put(id, execution);
        IQ answer = command(request, id, execution, "executing");
        Element actions = answer.getChildElement().addElement("actions");
        String forward = present.last() ? "complete" : "next";
        actions.addAttribute("execute", forward);
        if (execution.stages.size() > 1) {
            actions.addElement("prev");
        }
        actions.addElement(forward);
        note.ifPresent(told -> add(answer, told));
        answer.getChildElement().add(present.form().createCopy().getElement());
        return answer;
    }

    private IQ stay(IQ request, String id, Execution execution, String problem) {
        executions.put(id, execution);
        return StanzaErrors.badCommand(request, problem);
    }

    private static IQ command(IQ request, String id, Execution execution, String status) {
        IQ answer = IQ.createResultIQ(request);
        answer.setChildElement("command", NAMESPACE)
                .addAttribute("node", execution.command.node())
                .addAttribute("sessionid", id)
                .addAttribute("status", status);
        return answer;
    }

    private static void add(IQ answer, Stage.Note note) {
        answer.getChildElement()
                .addElement("note")
                .addAttribute("type", note.kind().type())
                .setText(note.text());
    }

    /** What a client may ask for (XEP-0050, 4.2). */
    private enum Action {
        EXECUTE,
        CANCEL,
        PREV,
        NEXT,
        COMPLETE;

        static Optional<Action> of(String written) {
            for (Action action : values()) {
                if (action.name().toLowerCase(Locale.ROOT).equals(written)) {
                    return Optional.of(action);
                }
            }
            return Optional.empty();
        }
    }
}
