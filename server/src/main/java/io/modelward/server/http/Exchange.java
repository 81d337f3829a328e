package io.modelward.server.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.access.Access;
import io.modelward.core.access.Principal;
import io.modelward.core.json.Json;
import io.modelward.core.json.Meter;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.memory.Reservation;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.search.PageToken;
import io.modelward.core.time.Moments;
import io.modelward.registry.Actor;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One request and its answer. The answer is given once. */
public final class Exchange {

    private static final int MAX_JSON = 2 << 20;
    private static final int MAX_PAGE = 1000;
    private static final int DEFAULT_PAGE = 100;
    private static final int PATIENCE_SECONDS = 120;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Map<String, String> parameters;
    private final Principal principal;
    private final Doorkeeper doorkeeper;
    private final ProblemForm form;
    private final MemoryShare share;
    private final RequestThreads threads;

    @GuardedBy("this")
    private @Nullable Reservation memory;

    Exchange(
            Request request,
            Response response,
            Callback callback,
            Map<String, String> parameters,
            Principal principal,
            Doorkeeper doorkeeper,
            ProblemForm form,
            MemoryShare share,
            RequestThreads threads) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.parameters = parameters;
        this.principal = principal;
        this.doorkeeper = doorkeeper;
        this.form = form;
        this.share = share;
        this.threads = threads;
    }

    public Request request() {
        return request;
    }

    public Response response() {
        return response;
    }

    public Callback callback() {
        return callback;
    }

    /** A parameter of the route's template, decoded. */
    public String path(String name) {
        return parameters.getOrDefault(name, "");
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    /** A query parameter; the first when it is given more than once. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(queryFields().getValue(name)).map(value -> whole(name, value));
    }

    /** All values of a query parameter, in their order. */
    public List<String> queries(String name) {
        List<String> values = queryFields().getValuesOrEmpty(name);
        values.forEach(value -> whole(name, value));
        return values;
    }

    /** No catalog looks for the character U+0000, since some cannot keep it. */
    private static String whole(String name, String value) {
        if (value.indexOf(0) >= 0) {
            throw ProblemException.invalid(name, "A value has no character U+0000. Leave it out.");
        }
        return value;
    }

    public Set<String> queryNames() {
        return queryFields().getNames();
    }

    private Fields queryFields() {
        try {
            return Request.extractQueryParameters(request, StandardCharsets.UTF_8);
        } catch (RuntimeException malformed) {
            throw ProblemException.invalid("query", "The query is not valid: each value is percent-encoded UTF-8.");
        }
    }

    public String requiredQuery(String name) {
        return query(name)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> ProblemException.invalid(name, "The query parameter " + name + " is needed."));
    }

    public boolean flag(String name) {
        String value = query(name).orElse("false");
        return switch (value) {
            case "", "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw ProblemException.invalid(name, name + " is true or false.");
        };
    }

    /** Why the caller does it, where no body says so. */
    public String reason() {
        return query("reason").orElse("");
    }

    /** A query parameter that is a whole number. */
    public OptionalLong wholeQuery(String name) {
        Optional<String> text = query(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!text.get().matches("[0-9]{1,18}")) {
            throw ProblemException.invalid(name, name + " is a whole number.");
        }
        return OptionalLong.of(Long.parseLong(text.get()));
    }

    /** A query parameter that is a time: by RFC 3339, or a date, whose first moment in UTC it is. */
    public Optional<Instant> time(String name) {
        return query(name).filter(text -> !text.isEmpty()).map(text -> Moments.parse(name, text));
    }

    public int pageSize() {
        Optional<String> text = query("page_size");
        if (text.isEmpty()) {
            return DEFAULT_PAGE;
        }
        int size = text.get().matches("[0-9]{1,4}") ? Integer.parseInt(text.get()) : 0;
        if (size < 1 || size > MAX_PAGE) {
            throw ProblemException.invalid("page_size", "page_size is a whole number from 1 to " + MAX_PAGE + ".");
        }
        return size;
    }

    /** The key that a page goes on after, or empty at the start. */
    public Optional<String> pageToken() {
        return query("page_token").map(PageToken::key);
    }

    /** The number that the items of a page are below, in a list that is numbered, newest first. */
    public long pageBefore() {
        return query("page_token").map(PageToken::number).orElse(Long.MAX_VALUE);
    }

    /** Who asks. */
    public Principal principal() {
        return principal;
    }

    /**
     * Who acts, for what is written down.
     *
     * @throws ProblemException of kind INVALID when the name that the caller claims is none
     */
    public Actor actor() {
        return Actor.of(principal);
    }

    /**
     * Does work for the caller of this request. A handler that goes on on another thread uses this; otherwise the
     * services would not know who asks.
     */
    public void asCaller(Runnable work) {
        Access.as(principal, work);
    }

    /** As {@link #asCaller}, for work that answers something. */
    public <T, X extends Throwable> T callAsCaller(ScopedValue.CallableOp<? extends T, X> work) throws X {
        return Access.call(principal, work);
    }

    /** Refuses a body that does not say it is JSON: a page of another site could send it without asking. */
    public void requireJson() {
        String type = header("Content-Type").orElse("");
        String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!media.equals("application/json")) {
            throw Problem.field(
                            ProblemType.UNSUPPORTED_MEDIA_TYPE,
                            "Content-Type",
                            "Send JSON, with the header Content-Type: application/json.")
                    .exception();
        }
        String charset = MimeTypes.getCharsetFromContentType(type);
        if (charset != null && !charset.equalsIgnoreCase("utf-8")) {
            throw Problem.field(
                            ProblemType.UNSUPPORTED_MEDIA_TYPE,
                            "Content-Type",
                            "JSON is UTF-8. Send the body in UTF-8, without another charset.")
                    .exception();
        }
    }

    /** Reads a JSON object of known members; blocking. */
    public Body body(String... known) {
        requireJson();
        return new Body(parse(read(MAX_JSON)), List.of(known));
    }

    /** As {@link #body}, where an empty body stands for an empty object. */
    public Body optionalBody(String... known) {
        byte[] bytes = read(MAX_JSON);
        if (bytes.length == 0) {
            return new Body(Json.object(), List.of(known));
        }
        requireJson();
        return new Body(parse(bytes), List.of(known));
    }

    /** Reads JSON of any form; empty when there is no body; blocking. */
    public Optional<JsonNode> json(int most) {
        byte[] bytes = read(most);
        return bytes.length == 0 ? Optional.empty() : Optional.of(parse(bytes));
    }

    /** Reads the fields of a form of a page; blocking. */
    public FormFields form(String... known) {
        String type = header("Content-Type").orElse("").split(";", 2)[0].strip();
        if (!type.equalsIgnoreCase("application/x-www-form-urlencoded")) {
            throw Problem.field(
                            ProblemType.UNSUPPORTED_MEDIA_TYPE,
                            "Content-Type",
                            "Send the fields of the form, with the header"
                                    + " Content-Type: application/x-www-form-urlencoded.")
                    .exception();
        }
        return FormFields.parse(read(MAX_JSON), List.of(known));
    }

    /** Parses what was sent as JSON, in memory that the exchange holds until it has ended; blocking. */
    public JsonNode parse(byte[] bytes) {
        Meter meter = Meter.of(memory());
        return bytes.length <= RequestMemory.SMALL
                ? Json.parse(bytes, "body", meter)
                : await(CompletableFuture.supplyAsync(() -> Json.parse(bytes, "body", meter), threads.parsing()));
    }

    /** The bytes of the body; blocking. */
    public byte[] read(int most) {
        return await(BodyReader.read(request, most, memory()));
    }

    /** What is waited for ends by itself; the limit is for what nobody thought of. */
    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(failed.getCause());
        } catch (TimeoutException stuck) {
            throw Problem.of(ProblemType.UNAVAILABLE, "The server is too busy to read this now. Send it again later.")
                    .with("retry_after", 5)
                    .exception();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw EventStream.stopping();
        }
    }

    /** The memory of this request, from the share of its address; given back when the exchange has ended. */
    public synchronized Reservation memory() {
        Reservation present = memory;
        if (present == null) {
            present = reserve(share);
            memory = present;
        }
        return present;
    }

    /** Memory from another share, given back when the exchange has ended. */
    public Reservation reserve(MemoryShare from) {
        String method = request.getMethod();
        String path = request.getHttpURI().getPath();
        Reservation reservation = from.open(() -> method + " " + plain(path));
        Request.addCompletionListener(request, ended -> reservation.close());
        return reservation;
    }

    /** An address as it may stand in a log. */
    private static String plain(@Nullable String path) {
        String shown = path == null ? "" : path.replaceAll("[^A-Za-z0-9/._-]", "?");
        return shown.length() > 60 ? shown.substring(0, 60) + "…" : shown;
    }

    /** Reads the body without blocking, in memory of this reservation. See {@link BodyReader}. */
    public CompletableFuture<byte[]> bodyAsync(int most, Reservation reservation) {
        return BodyReader.read(request, most, reservation);
    }

    /** Goes on with an action that may block, on a thread for that. */
    public void waiting(RouteHandler.Blocking handler) {
        threads.waiting().execute(() -> asCaller(() -> answer(handler)));
    }

    private void answer(RouteHandler.Blocking handler) {
        try {
            reply(handler.handle(this));
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    public void reply(Reply reply) throws IOException {
        reply.headers().forEach(response.getHeaders()::put);
        switch (reply.content()) {
            case Reply.Content.None _ -> {
                response.setStatus(reply.status());
                callback.succeeded();
            }
            case Reply.Content.Json(JsonNode body) -> send(reply.status(), "application/json", Json.bytes(body));
            case Reply.Content.Bytes(String type, byte[] body) -> send(reply.status(), type, body);
            case Reply.Content.Stream(String type, Reply.Writer writer) -> {
                response.setStatus(reply.status());
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
                write(writer);
            }
        }
    }

    private void write(Reply.Writer writer) throws IOException {
        CallerStream caller = new CallerStream(Content.Sink.asOutputStream(response));
        // Closed only when all is written: closing says that the answer is whole.
        OutputStream out = new BufferedOutputStream(caller);
        try {
            writer.write(out);
            out.close();
        } catch (IOException | RuntimeException failure) {
            if (response.isCommitted() && !caller.broken()) {
                // Logs what is no problem; the answer has begun, so it can only be cut.
                Problems.of(failure);
            }
            throw failure;
        }
        callback.succeeded();
    }

    public void send(int status, String contentType, byte[] body) {
        response.setStatus(status);
        response.getHeaders().put(new HttpField(HttpHeader.CONTENT_TYPE, contentType));
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    /**
     * Answers with a problem. When the answer has begun, the connection is cut: a caller must not take half of it for
     * all.
     */
    public void fail(Throwable failure) {
        if (response.isCommitted()) {
            callback.failed(failure);
            return;
        }
        response.reset();
        Problem problem = Problems.of(failure);
        if (problem.type() == ProblemType.UNAUTHENTICATED && isPage()) {
            response.setStatus(303);
            response.getHeaders().put(HttpHeader.LOCATION, "/login?next=" + next());
            callback.succeeded();
            return;
        }
        form.send(this, Problems.plain(failure, doorkeeper, principal).orElse(problem));
    }

    /** Whether a person looks at an address with a browser. */
    private boolean isPage() {
        return request.getMethod().equals("GET") && header("Accept").orElse("").contains("text/html");
    }

    private String next() {
        return URLEncoder.encode(address(), StandardCharsets.UTF_8);
    }

    /** The path and the query that were asked for. */
    public String address() {
        return request.getHttpURI().getPathQuery();
    }

    /** Ends the exchange without an answer: the caller is gone. */
    public void abandon(IOException gone) {
        callback.failed(gone);
    }

    /** Answers that the range asked for is not within the file. */
    public void unsatisfiable(String detail) {
        form.unsatisfiable(this, detail);
    }

    /** A body on its way to one caller, which tells a failure of the connection from a failure of the writer. */
    private static final class CallerStream extends FilterOutputStream {

        private boolean broken;

        CallerStream(OutputStream response) {
            super(response);
        }

        /** Something to do with the stream. */
        private interface Step {
            void run() throws IOException;
        }

        /** Whether the caller is gone, or has read nothing for a minute. */
        boolean broken() {
            return broken;
        }

        private void step(Step step) throws IOException {
            try {
                step.run();
            } catch (IOException | RuntimeException failure) {
                broken = true;
                throw failure;
            }
        }

        @Override
        public void write(int one) throws IOException {
            step(() -> out.write(one));
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            step(() -> out.write(bytes, from, length));
        }

        @Override
        public void flush() throws IOException {
            step(out::flush);
        }

        @Override
        public void close() throws IOException {
            step(out::close);
        }
    }

    /**
     * The threads that requests run on, beside Jetty's own.
     *
     * @param waiting virtual threads, for whatever may wait
     * @param parsing few platform threads, for documents that take long to parse
     */
    record RequestThreads(Executor waiting, Executor parsing) {}
}
