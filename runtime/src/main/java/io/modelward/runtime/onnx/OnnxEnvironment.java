package io.modelward.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime's environment, one for the process.
 *
 * <p>ONNX Runtime frees its environment in a shutdown hook of its own, while models may still be loading or computing,
 * and that crashes the process (<a href="https://github.com/microsoft/onnxruntime/issues/31352">onnxruntime
 * #31352</a>). The environment counts its owners, so it is taken once more here and never given back: the hook then
 * frees nothing.
 */
final class OnnxEnvironment {

    private static final Logger LOG = LoggerFactory.getLogger(OnnxEnvironment.class);
    /** ONNX Runtime's lines about failed requests hold values of callers; each failure is also an exception. */
    static final OrtLoggingLevel LOG_LEVEL = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;

    private static @Nullable OrtEnvironment environment;

    private OnnxEnvironment() {}

    static synchronized OrtEnvironment get() {
        OrtEnvironment known = environment;
        if (known == null) {
            known = OrtEnvironment.getEnvironment(LOG_LEVEL, "modelward");
            silence(known);
            retain();
            environment = known;
        }
        return known;
    }

    /** ONNX Runtime would report its use to its makers, where it is built to do so. */
    private static void silence(OrtEnvironment known) {
        try {
            known.setTelemetry(false);
        } catch (OrtException unsupported) {
            LOG.warn("ONNX Runtime could not be told to send nothing about its use: {}", unsupported.getMessage());
        }
    }

    private static void retain() {
        try {
            Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
            api.setAccessible(true);
            Method create = OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
            create.setAccessible(true);
            create.invoke(null, api.getLong(null), LOG_LEVEL.getValue(), "modelward");
        } catch (ReflectiveOperationException | RuntimeException changed) {
            LOG.warn(
                    "ONNX Runtime's environment may be freed while models still compute when the server stops",
                    changed);
        }
    }
}
