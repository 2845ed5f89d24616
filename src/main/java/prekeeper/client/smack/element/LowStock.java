package prekeeper.client.smack.element;

import java.util.Optional;
import java.util.OptionalLong;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.util.XmlStringBuilder;
import prekeeper.wire.InstanceTag;

/**
 * What a headline tells when a device runs out of prekey messages (docs/protocol.md, "Low stock"). A hint and no more:
 * nothing but the address that it comes from vouches for it.
 */
public final class LowStock implements ExtensionElement {
    /** Its name. */
    public static final String ELEMENT = "low";
    /** Its namespace, which is that of the IQ binding. */
    public static final String NAMESPACE = PrekeyIq.NAMESPACE;

    private static final int DEVICE_DIGITS = 8;

    private final Optional<InstanceTag> device;
    private final OptionalLong remaining;

    /**
     * What the attributes say; either may be missing or anything.
     *
     * @param device {@code instance-tag}: eight hexadecimal digits; null when it is missing
     * @param remaining decimal, from 0 to 2^31 − 1; null when it is missing
     */
    public LowStock(String device, String remaining) {
        this.device = deviceOf(device);
        this.remaining = remainingOf(remaining);
    }

    /** The device that is low; empty when the server named none that there can be. */
    public Optional<InstanceTag> device() {
        return device;
    }

    /** How many prekey messages are left; empty when the server gave no such number. */
    public OptionalLong remaining() {
        return remaining;
    }

    @Override
    public String getElementName() {
        return ELEMENT;
    }

    @Override
    public String getNamespace() {
        return NAMESPACE;
    }

    @Override
    public XmlStringBuilder toXML(XmlEnvironment environment) {
        XmlStringBuilder xml = new XmlStringBuilder(this, environment);
        device.ifPresent(tag -> xml.attribute("instance-tag", tag.toString()));
        remaining.ifPresent(left -> xml.attribute("remaining", Long.toString(left)));
        return xml.closeEmptyElement();
    }

    private static Optional<InstanceTag> deviceOf(String text) {
        if (text == null || text.length() != DEVICE_DIGITS || !text.chars().allMatch(LowStock::isHexDigit)) {
            return Optional.empty();
        }
        int value = Integer.parseUnsignedInt(text, 16);
        return Integer.compareUnsigned(value, InstanceTag.LEAST) < 0
                ? Optional.empty()
                : Optional.of(new InstanceTag(value));
    }

    private static boolean isHexDigit(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    private static OptionalLong remainingOf(String text) {
        if (text == null
                || text.isEmpty()
                || text.length() > 10
                || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalLong.empty();
        }
        long value = Long.parseLong(text);
        return value > Integer.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
