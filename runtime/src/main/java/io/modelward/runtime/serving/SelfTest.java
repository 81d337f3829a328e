package io.modelward.runtime.serving;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.runtime.Instances;
import io.modelward.runtime.serving.EngineLoader.Unloadable;
import java.io.IOException;
import java.util.List;

/**
 * Predicts a version's sample before the version serves: a few times, so that the first caller does not pay for what a
 * model does once; then in batches of one, two and three rows, and together and row by row. An answer that does not say
 * one item per row may look right for one number of rows.
 */
public final class SelfTest {

    /** The kind of error of an answer that does not say one item per row. */
    public static final String SHAPE = "AnswerShape";

    private static final String UNFIT = "ValueError";
    private static final int WARM_UPS = 3;
    private static final int MOST_ROWS_ALONE = 3;

    private SelfTest() {}

    /**
     * Tests.
     *
     * @param own whether the sample is the version's own; only then a test that fails keeps the version from serving
     * @param warnings takes sentences for an operator
     * @return whether requests may be computed together
     * @throws Unloadable when the version must not serve
     */
    public static boolean run(Engine engine, Instances sample, boolean own, List<String> warnings)
            throws IOException, Unloadable {
        for (int i = 0; i < WARM_UPS; i++) {
            if (compute(engine, sample) instanceof Engine.Result.Raised raised) {
                if (own) {
                    throw fails("The model fails on the sample saved with it. ", raised);
                }
                refuseShape(raised, sample.rows());
                warnings.add("the model could not be tested: it has no sample, and on a row of zeros it raised "
                        + raised.error());
                return true;
            }
        }
        for (int rows = 1; rows <= MOST_ROWS_ALONE; rows++) {
            if (compute(engine, sample.cycled(rows)) instanceof Engine.Result.Raised raised) {
                refuseShape(raised, rows);
                warnings.add("on a batch of " + rows + " of its sample's rows the model raised " + raised.error());
            }
        }
        boolean alike = engine.computesRowsAlike(sample);
        if (!alike) {
            warnings.add("its answers depend on the rows computed together, so requests are computed one by one");
        }
        return alike;
    }

    private static Engine.Result compute(Engine engine, Instances rows) throws IOException {
        Engine.Result result = engine.compute(List.of(rows), List.of()).getFirst();
        // That a version does not take its own sample is not the fault of a caller.
        return result instanceof Engine.Result.Unfit(String why) ? new Engine.Result.Raised(UNFIT, why) : result;
    }

    private static Unloadable fails(String where, Engine.Result.Raised raised) {
        return new Unloadable(
                Problem.of(ProblemType.REFUSED, where + "The model raised " + raised.error() + ": " + raised.message())
                        .with("error", raised.error())
                        .exception());
    }

    private static void refuseShape(Engine.Result.Raised raised, int rows) throws Unloadable {
        if (raised.error().equals(SHAPE)) {
            throw fails("The model does not answer one item per row, on a batch of " + rows + " rows. ", raised);
        }
    }
}
