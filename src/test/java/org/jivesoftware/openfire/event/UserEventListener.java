package org.jivesoftware.openfire.event;

import java.util.Map;
import org.jivesoftware.openfire.user.User;

/** Is told of accounts. */
public interface UserEventListener {
    void userCreated(User user, Map<String, Object> params);

    void userDeleting(User user, Map<String, Object> params);

    void userModified(User user, Map<String, Object> params);
}
