package io.modelward.server.webhook;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.io.HttpTransportMetrics;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * Reads the head of an answer, stricter than HttpCore in two points. HttpCore takes the end of the connection for the
 * end of the head, so an answer that was cut would count as a whole one; and HttpCore takes any number for a status.
 */
final class AnswerParser extends DefaultHttpResponseParser {

    private static final int FIRST_STATUS = 100;
    private static final int LAST_STATUS = 599;

    AnswerParser(Http1Config limits) {
        super(limits);
    }

    @Override
    public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in) throws IOException, HttpException {
        ClassicHttpResponse answer = super.parse(new WholeLines(buffer), in);
        if (answer.getCode() < FIRST_STATUS || answer.getCode() > LAST_STATUS) {
            throw new ProtocolException("HTTP has no such status");
        }
        return answer;
    }

    /** A buffer whose end is an error to whoever reads a line. */
    private record WholeLines(SessionInputBuffer buffer) implements SessionInputBuffer {

        @Override
        public int readLine(CharArrayBuffer line, InputStream in) throws IOException {
            int read = buffer.readLine(line, in);
            if (read < 0) {
                throw new EOFException("the connection ended in the head of the answer");
            }
            return read;
        }

        @Override
        public int length() {
            return buffer.length();
        }

        @Override
        public int capacity() {
            return buffer.capacity();
        }

        @Override
        public int available() {
            return buffer.available();
        }

        @Override
        public int read(byte[] bytes, int from, int count, InputStream in) throws IOException {
            return buffer.read(bytes, from, count, in);
        }

        @Override
        public int read(byte[] bytes, InputStream in) throws IOException {
            return buffer.read(bytes, in);
        }

        @Override
        public int read(InputStream in) throws IOException {
            return buffer.read(in);
        }

        @Override
        public HttpTransportMetrics getMetrics() {
            return buffer.getMetrics();
        }
    }
}
