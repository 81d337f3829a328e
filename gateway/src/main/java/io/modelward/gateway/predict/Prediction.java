package io.modelward.gateway.predict;

import io.modelward.core.digest.Digest;
import io.modelward.core.prediction.PredictionId;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.runtime.JsonBytes;
import io.modelward.runtime.Predictions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * An answered prediction.
 *
 * @param logged whether its decision record is kept
 */
public record Prediction(PredictionId id, ServableVersion version, PredictionsJson answer, boolean logged) {

    /**
     * The predictions, and their text as a JSON array, one element per instance. The decision record hashes the text,
     * and {@code POST /predict} sends it. A protocol with another text writes the {@link #predictions}. A small text is
     * held as bytes. A large one is written from the model's own columns whenever its bytes are needed, piece by piece:
     * the text may be several times as large as the columns.
     */
    public static final class PredictionsJson {

        /** In bytes of columns; up to this an answer is held as text. */
        private static final int SMALL = 64 << 10;

        private static final int PIECE = 64 << 10;

        private final byte @Nullable [] whole;
        private final Predictions predictions;
        private final long length;
        private final Digest digest;

        private PredictionsJson(byte @Nullable [] whole, Predictions predictions, long length, Digest digest) {
            this.whole = whole;
            this.predictions = predictions;
            this.length = length;
            this.digest = digest;
        }

        /**
         * @throws io.modelward.core.problem.ProblemException of kind MODEL_FAILED when a value is one that JSON cannot
         *     say
         */
        static PredictionsJson of(Predictions predictions) {
            if (isSmall(predictions)) {
                JsonBytes json = new JsonBytes();
                predictions.write(json);
                byte[] whole = json.toArray();
                return new PredictionsJson(whole, predictions, whole.length, Digest.of(whole));
            }
            MessageDigest hash = sha256();
            long length = 0;
            Pieces pieces = new Pieces(predictions);
            for (JsonBytes piece = pieces.next(); piece != null; piece = pieces.next()) {
                piece.update(hash);
                length += piece.size();
            }
            return new PredictionsJson(null, predictions, length, Digest.ofBytes(hash.digest()));
        }

        static boolean isSmall(Predictions predictions) {
            return predictions.bytes() <= SMALL;
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException impossible) {
                throw new AssertionError(impossible);
            }
        }

        /** As values. */
        public Predictions predictions() {
            return predictions;
        }

        /** Of the text, in bytes. */
        public long length() {
            return length;
        }

        /** Of the bytes. */
        public Digest digest() {
            return digest;
        }

        /** All bytes at once; empty of a large answer, which is read by {@link #pieces}. */
        public byte @Nullable [] whole() {
            return whole;
        }

        /** A reader of the bytes, from the first on. */
        public Pieces pieces() {
            if (whole != null) {
                throw new IllegalStateException("a small answer is read as a whole");
            }
            return new Pieces(predictions);
        }

        /** Makes an answer's bytes piece by piece. For one thread at a time. */
        public static final class Pieces {
            private final Predictions predictions;
            private final JsonBytes piece = new JsonBytes();
            private int row;

            private Pieces(Predictions predictions) {
                this.predictions = predictions;
            }

            /** The next bytes, valid until the next call; null after the last. */
            public @Nullable JsonBytes next() {
                piece.clear();
                if (row > predictions.rows()) {
                    return null;
                }
                while (row < predictions.rows() && piece.size() < PIECE) {
                    predictions.write(row++, piece);
                }
                if (row == predictions.rows() && piece.size() < PIECE) {
                    predictions.end(piece);
                    row++;
                }
                return piece;
            }
        }
    }
}
