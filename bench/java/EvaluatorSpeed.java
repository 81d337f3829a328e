import io.modelward.evaluator.Answer;
import io.modelward.evaluator.Evaluator;
import io.modelward.evaluator.form.Bounds;
import io.modelward.evaluator.form.FormReader;
import io.modelward.evaluator.rows.RowsToValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the evaluator takes for a row, in one thread: {@code EvaluatorSpeed FORM ROWS WIDTH BATCH SECONDS}. FORM is a file
 * of the folder {@code forms} of a server's data; ROWS has float64 numbers, little-endian. Prints a JSON line: nanoseconds
 * per row, the median of batches, and the labels of the first batch.
 */
public final class EvaluatorSpeed {

    private static final int DIGEST = 32;

    private EvaluatorSpeed() {}

    public static void main(String[] words) throws Exception {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(Path.of(words[0]))).order(ByteOrder.LITTLE_ENDIAN);
        file.position(DIGEST);
        piece(file);
        byte[] head = piece(file);
        Evaluator evaluator =
                Evaluator.of(FormReader.read(head, file.slice(), Bounds.USUAL), Bounds.USUAL).forAnswers();
        RowsToValue rows = RowsToValue.of(evaluator.input());
        int width = Integer.parseInt(words[2]);
        int batch = Integer.parseInt(words[3]);
        ByteBuffer raw = ByteBuffer.wrap(Files.readAllBytes(Path.of(words[1]))).order(ByteOrder.LITTLE_ENDIAN);
        double[] all = new double[raw.remaining() / Double.BYTES];
        raw.asDoubleBuffer().get(all);
        int batches = all.length / width / batch;
        double[][] parts = new double[batches][];
        for (int i = 0; i < batches; i++) {
            parts[i] = Arrays.copyOfRange(all, i * batch * width, (i + 1) * batch * width);
        }
        long end = System.nanoTime() + (long) (Double.parseDouble(words[4]) * 1e9);
        long half = System.nanoTime() + (long) (Double.parseDouble(words[4]) * 5e8);
        long[] times = new long[4_000_000];
        int count = 0;
        long sum = 0;
        for (int i = 0; System.nanoTime() < end && count < times.length; i++) {
            long start = System.nanoTime();
            sum += evaluator.answer(rows.matrix(parts[i % batches], batch, width)).size();
            long took = System.nanoTime() - start;
            if (start > half) {
                times[count++] = took;
            }
        }
        Arrays.sort(times, 0, count);
        List<Answer> answers = evaluator.answer(rows.matrix(Arrays.copyOf(all, batches * batch * width), batches * batch, width));
        Answer.Data data = answers.getFirst().data();
        String labels = data instanceof Answer.Data.Longs longs ? Arrays.toString(longs.items()) : "[]";
        System.out.println(String.format(
                Locale.ROOT, "{\"ns\":%.1f,\"calls\":%d,\"labels\":%s}", (double) times[count / 2] / batch, sum, labels));
    }

    private static byte[] piece(ByteBuffer file) {
        byte[] piece = new byte[file.getInt()];
        file.get(piece);
        return piece;
    }
}
