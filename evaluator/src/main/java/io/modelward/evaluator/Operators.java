package io.modelward.evaluator;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.operator.Trees;
import io.modelward.evaluator.operator.answer.ClassLabels;
import io.modelward.evaluator.operator.answer.ClassVotes;
import io.modelward.evaluator.operator.answer.Constant;
import io.modelward.evaluator.operator.answer.Gaussian;
import io.modelward.evaluator.operator.answer.Interpolate;
import io.modelward.evaluator.operator.answer.Linear;
import io.modelward.evaluator.operator.answer.Link;
import io.modelward.evaluator.operator.answer.Lookup;
import io.modelward.evaluator.operator.answer.PathScore;
import io.modelward.evaluator.operator.answer.Quotient;
import io.modelward.evaluator.operator.answer.SelectClass;
import io.modelward.evaluator.operator.answer.SingleLink;
import io.modelward.evaluator.operator.answer.WeightedMedian;
import io.modelward.evaluator.operator.answer.WeightedSum;
import io.modelward.evaluator.operator.prepare.Arithmetic;
import io.modelward.evaluator.operator.prepare.Binarize;
import io.modelward.evaluator.operator.prepare.Concat;
import io.modelward.evaluator.operator.prepare.Discretize;
import io.modelward.evaluator.operator.prepare.Distances;
import io.modelward.evaluator.operator.prepare.Elementwise;
import io.modelward.evaluator.operator.prepare.Encode;
import io.modelward.evaluator.operator.prepare.ImputeNumbers;
import io.modelward.evaluator.operator.prepare.ImputeObjects;
import io.modelward.evaluator.operator.prepare.Normalize;
import io.modelward.evaluator.operator.prepare.Placement;
import io.modelward.evaluator.operator.prepare.Power;
import io.modelward.evaluator.operator.prepare.Products;
import io.modelward.evaluator.operator.prepare.Project;
import io.modelward.evaluator.operator.prepare.Quantiles;
import io.modelward.evaluator.operator.prepare.SelectColumns;
import io.modelward.evaluator.operator.prepare.ToNumbers;
import java.util.HashMap;
import java.util.Map;

/** All operators by their names in forms. */
final class Operators {

    /** Makes the operator of a node, or says what is wrong with the node. */
    @FunctionalInterface
    private interface Factory {

        /** @param inputs what is known of the node's inputs */
        Operator of(Node node, Shape[] inputs) throws BadForm;
    }

    private static final Map<String, Factory> FACTORIES = new HashMap<>();

    static {
        FACTORIES.put("columns", SelectColumns::of);
        FACTORIES.put("concat", Concat::of);
        FACTORIES.put("numeric", ToNumbers::of);
        FACTORIES.put("arithmetic", Arithmetic::of);
        FACTORIES.put("multiply", Arithmetic::multiply);
        FACTORIES.put("function", Elementwise::of);
        FACTORIES.put("impute", ImputeNumbers::impute);
        FACTORIES.put("missing", ImputeNumbers::missing);
        FACTORIES.put("impute_objects", ImputeObjects::impute);
        FACTORIES.put("missing_objects", ImputeObjects::missing);
        FACTORIES.put("normalize", Normalize::of);
        FACTORIES.put("binarize", Binarize::of);
        FACTORIES.put("products", Products::of);
        FACTORIES.put("discretize", Discretize::of);
        FACTORIES.put("encode", Encode::of);
        FACTORIES.put("project", Project::of);
        FACTORIES.put("distances", Distances::of);
        FACTORIES.put("yeo_johnson", Power::yeoJohnson);
        FACTORIES.put("box_cox", Power::boxCox);
        FACTORIES.put("quantiles", Quantiles::of);
        FACTORIES.put("linear", Linear::of);
        FACTORIES.put("trees", Trees::of);
        FACTORIES.put("link", Link::of);
        FACTORIES.put("link_f4", SingleLink::of);
        FACTORIES.put("mean", WeightedSum::mean);
        FACTORIES.put("sum", WeightedSum::sum);
        FACTORIES.put("select_class", SelectClass::of);
        FACTORIES.put("vote", ClassVotes::vote);
        FACTORIES.put("ballot", ClassVotes::ballot);
        FACTORIES.put("labels", ClassLabels::of);
        FACTORIES.put("gaussian", Gaussian::of);
        FACTORIES.put("interpolate", Interpolate::of);
        FACTORIES.put("path_score", PathScore::of);
        FACTORIES.put("constant", Constant::of);
        FACTORIES.put("lookup", Lookup::of);
        FACTORIES.put("quotient", Quotient::of);
        FACTORIES.put("scatter", Placement::of);
        FACTORIES.put("weighted_median", WeightedMedian::of);
    }

    private Operators() {}

    /** @throws BadForm when the operator is not known, or the node does not fit its inputs */
    static Operator of(Node node, Shape[] inputs) throws BadForm {
        Factory factory = FACTORIES.get(node.op());
        if (factory == null) {
            throw new BadForm("the operator of node " + (node.number() - 1) + " is not known here");
        }
        return factory.of(node, inputs);
    }
}
