package io.modelward.server.http;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * The certificate that a caller proved to have, issued by one of {@code tls.client-ca}. A certificate of anybody else
 * ends the connection while it is secured, so whatever is here was verified.
 */
public record ClientCertificate(X509Certificate certificate) {

    private static final int URI = 6;

    /** Empty without TLS, and when the caller showed none. */
    public static Optional<ClientCertificate> of(Request request) {
        EndPoint.SslSessionData session =
                request.getConnectionMetaData().getConnection().getEndPoint().getSslSessionData();
        return session == null || session.peerCertificates() == null || session.peerCertificates().length == 0
                ? Optional.empty()
                : Optional.of(new ClientCertificate(session.peerCertificates()[0]));
    }

    /** The first URI among the alternative names, such as a SPIFFE ID, else the subject as RFC 2253 writes it. */
    public String name() {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                for (List<?> name : names) {
                    if (name.size() > 1 && Integer.valueOf(URI).equals(name.get(0))) {
                        return String.valueOf(name.get(1));
                    }
                }
            }
        } catch (CertificateParsingException unreadable) {
            // The subject is left.
        }
        return certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
    }
}
