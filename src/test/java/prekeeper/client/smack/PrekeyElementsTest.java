package prekeeper.client.smack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Optional;
import java.util.OptionalLong;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import prekeeper.client.smack.element.LowStock;
import prekeeper.client.smack.element.PrekeyIq;
import prekeeper.client.smack.element.StreamLimits;
import prekeeper.client.smack.provider.StreamLimitsProvider;
import prekeeper.wire.InstanceTag;

/** Elements as Smack parses and writes them; a stanza that it cannot parse would end the connection. */
class PrekeyElementsTest {

    @BeforeAll
    static void register() {
        PrekeyManager.register();
    }

    @ParameterizedTest
    @EnumSource
    void resultsAreParsedByTheirElement(PrekeyIq.Request request) throws Exception {
        String element = request.element();
        PrekeyIq iq = assertInstanceOf(
                PrekeyIq.class, result("<" + element + " xmlns='prekeeper:otrv4-prekey:0'>AAQ=.</" + element + ">"));
        assertEquals(element, iq.getChildElementName());
        assertEquals("AAQ=.", iq.text());
        assertEquals(IQ.Type.result, iq.getType());
    }

    @Test
    void childrenAndEmptinessAreParsedToo() throws Exception {
        PrekeyIq odd = assertInstanceOf(
                PrekeyIq.class, result("<dake xmlns='prekeeper:otrv4-prekey:0'>A<b>no<c/></b>B</dake>"));
        assertEquals("AB", odd.text());
        assertEquals("", ((PrekeyIq) result("<dake xmlns='prekeeper:otrv4-prekey:0'/>")).text());
    }

    @Test
    void aQueryIsWrittenWithItsId() {
        assertEquals(
                "<query xmlns='prekeeper:otrv4-prekey:0' id='4dc0'>AAQ=.</query>",
                PrekeyIq.query("4dc0", "AAQ=.").getChildElementXML().toString().replace('"', '\''));
    }

    @Test
    void lowStockTellsDeviceAndRemainder() throws Exception {
        LowStock low = low("instance-tag='1a2b3c4d' remaining='3'");
        assertEquals(Optional.of(new InstanceTag(0x1a2b3c4d)), low.device());
        assertEquals(OptionalLong.of(3), low.remaining());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "instance-tag='' remaining=''",
                "instance-tag='000000ff' remaining='-1'",
                "instance-tag='+a2b3c4d' remaining='99999999999999999999'",
                "instance-tag='1a2b3c4' remaining='2147483648'",
                "instance-tag='1a2b3c4d5' remaining='x'"
            })
    void whatIsNoDeviceAndNoNumberIsNone(String attributes) throws Exception {
        LowStock low = low(attributes);
        assertEquals(Optional.empty(), low.device());
        assertEquals(OptionalLong.empty(), low.remaining());
    }

    private static Stanza result(String child) throws Exception {
        return PacketParserUtils.parseStanza(
                "<iq xmlns='jabber:client' type='result' id='1' from='prekey.example.org'>" + child + "</iq>");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <max-bytes>8192</max-bytes>                                  | 8192
            <idle-seconds>60</idle-seconds><max-bytes>10000</max-bytes>  | 10000
            <other><max-bytes>1</max-bytes></other>                      | -1
            <max-bytes>many</max-bytes>                                  | -1
            <max-bytes>99999999999</max-bytes>                           | -1
            <max-bytes/>                                                 | -1
            ''                                                           | -1
            """)
    void streamLimitsTellTheLongestElementIfTheyTellANumber(String children, int expected) throws Exception {
        XmlPullParser parser =
                PacketParserUtils.getParserFor("<limits xmlns='urn:xmpp:stream-limits:0'>" + children + "</limits>");
        StreamLimits limits = assertInstanceOf(StreamLimits.class, new StreamLimitsProvider().parse(parser));
        assertEquals(expected, limits.mostBytes().orElse(-1));
        assertEquals(XmlPullParser.Event.END_ELEMENT, parser.getEventType());
        assertEquals("limits", parser.getName());
    }

    private static LowStock low(String attributes) throws Exception {
        Message headline = PacketParserUtils.parseStanza("<message xmlns='jabber:client' type='headline' id='1'><low"
                + " xmlns='prekeeper:otrv4-prekey:0' " + attributes + "/></message>");
        return headline.getExtension(LowStock.class);
    }
}
