package prekeeper.xmpp;

import org.dom4j.DocumentFactory;
import org.dom4j.Namespace;
import org.dom4j.QName;

/**
 * Makes what the reader reads. Dom4j's own factory keeps every name and every namespace for ever, so that strangers could
 * fill the memory with new ones; this one keeps none.
 */
final class ForgetfulFactory extends DocumentFactory {
    private static final long serialVersionUID = 1L;

    @Override
    public QName createQName(String name) {
        return createQName(name, Namespace.NO_NAMESPACE);
    }

    @Override
    public QName createQName(String name, String uri) {
        return createQName(name, "", uri);
    }

    @Override
    public QName createQName(String name, String prefix, String uri) {
        return createQName(name, createNamespace(prefix, uri));
    }

    @Override
    public QName createQName(String name, Namespace namespace) {
        QName made = new QName(name, namespace);
        made.setDocumentFactory(this); // elements ask their name for the factory of what is added to them
        return made;
    }

    @Override
    public Namespace createNamespace(String prefix, String uri) {
        if (uri == null || uri.isEmpty()) {
            return Namespace.NO_NAMESPACE;
        }
        // the one that the writer knows by identity and never declares
        return Namespace.XML_NAMESPACE.getURI().equals(uri) ? Namespace.XML_NAMESPACE : new Namespace(prefix, uri);
    }
}
