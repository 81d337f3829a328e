package io.modelward.server.http;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Gives every answer the headers that keep a browser from doing with it what nobody meant. A handler may put another
 * value in their place, such as the policy of a page.
 */
final class SecureHeaders extends Handler.Wrapper {

    private static final HttpField NO_SNIFFING = new PreEncodedHttpField("X-Content-Type-Options", "nosniff");
    private static final HttpField NO_REFERRER = new PreEncodedHttpField("Referrer-Policy", "no-referrer");
    private static final HttpField NO_PAGE =
            new PreEncodedHttpField("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    /** A year, as browsers' lists ask for at least. */
    private static final HttpField TLS_ONLY =
            new PreEncodedHttpField(HttpHeader.STRICT_TRANSPORT_SECURITY, "max-age=31536000");

    private static final HttpField NOT_KEPT = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");
    /** Below it, answers may hold what is said once. */
    private static final String SECRETS = "/api/v1/access/";

    SecureHeaders(Handler handler) {
        super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        add(request, response.getHeaders());
        return super.handle(request, new Kept(request, response), callback);
    }

    static void add(Request request, HttpFields.Mutable headers) {
        headers.put(NO_SNIFFING);
        headers.put(NO_REFERRER);
        headers.put(NO_PAGE);
        if (ClientAddress.secure(request)) {
            headers.put(TLS_ONLY);
        }
        String path = request.getHttpURI().getPath();
        if (path != null && path.startsWith(SECRETS)) {
            headers.put(NOT_KEPT);
        }
    }

    /** An answer that keeps its headers, and what is said of limits, when somebody begins it anew. */
    private static final class Kept extends Response.Wrapper {

        Kept(Request request, Response response) {
            super(request, response);
        }

        @Override
        public void reset() {
            HttpField left = getHeaders().getField(RequestLimits.LEFT);
            HttpField policy = getHeaders().getField(RequestLimits.POLICY);
            super.reset();
            add(getRequest(), getHeaders());
            if (left != null) {
                getHeaders().put(left).put(policy);
            }
        }
    }
}
