package io.modelward.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.json.Json;
import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Bounds;
import io.modelward.evaluator.form.FormReader;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Forms that a hostile process may send: all are refused, or evaluate within their bounds. */
class HostileFormsTest {

    private static FormBuilder form() {
        return FormBuilder.matrix(2)
                .array(1, 2)
                .array(new int[] {2, 2}, 1, 2, 3, 4)
                .array(new int[] {0, 2})
                .whole(new int[] {1, 2}, 0, 0)
                .array(Double.NaN, 1)
                .array(1)
                .array(2, 1);
    }

    private static void assertBad(FormBuilder form, int outputs) {
        assertThatThrownBy(() -> form.build(outputs)).isInstanceOf(BadForm.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'op':'nothing','in':[0]}",
                "{'in':[0]}",
                "{'op':'columns','in':[1],'indices':[0]}",
                "{'op':'columns','in':[-1],'indices':[0]}",
                "{'op':'columns','in':[4294967296],'indices':[0]}",
                "{'op':'columns','in':[],'indices':[0]}",
                "{'op':'columns','in':[0,0],'indices':[0]}",
                "{'op':'columns','in':[0],'indices':[-1]}",
                "{'op':'columns','in':[0],'indices':[2]}",
                "{'op':'columns','in':[0],'indices':[0.5]}",
                "{'op':'columns','in':[0],'indices':7}",
                "{'op':'numeric','in':[0],'dtype':'f16','missing':'take','infinite':'take'}",
                "{'op':'numeric','in':[0],'dtype':'f8','missing':'take','infinite':'take','refuse':['x']}",
                "{'op':'arithmetic','in':[0],'steps':[{'do':'mod','by':1}]}",
                "{'op':'arithmetic','in':[0],'steps':[{'do':'add','by':{'array':5}}]}",
                "{'op':'arithmetic','in':[0],'steps':[{'do':'add','by':{'array':99}}]}",
                "{'op':'arithmetic','in':[0],'steps':[{'do':'add','by':{'array':-1}}]}",
                "{'op':'arithmetic','in':[0],'steps':[{'do':'add','by':'1'}]}",
                "{'op':'arithmetic','in':[0]}",
                "{'op':'multiply','in':[0]}",
                "{'op':'function','in':[0],'name':'system'}",
                "{'op':'impute','in':[0],'value':null,'fill':{'array':5}}",
                "{'op':'missing','in':[0],'value':null,'indices':[2]}",
                "{'op':'missing','in':[0],'value':'x','indices':[0]}",
                "{'op':'impute_objects','in':[0],'missing':{},'fill':[1,2]}",
                "{'op':'impute_objects','in':[0],'missing':{'none':true},'fill':[1]}",
                "{'op':'impute_objects','in':[0],'missing':{'none':true},'fill':[1,[2]]}",
                "{'op':'missing_objects','in':[0],'missing':{'nan':true},'indices':[-1]}",
                "{'op':'normalize','in':[0],'norm':'l3'}",
                "{'op':'binarize','in':[0]}",
                "{'op':'products','in':[0],'pairs':{'array':3},'bias':false}",
                "{'op':'products','in':[0],'pairs':{'array':1},'bias':false}",
                "{'op':'discretize','in':[0],'edges':[{'array':0}],'encode':'ordinal'}",
                "{'op':'discretize','in':[0],'edges':[{'array':0},{'array':4}],'encode':'ordinal'}",
                "{'op':'discretize','in':[0],'edges':[{'array':0},{'array':6}],'encode':'ordinal'}",
                "{'op':'discretize','in':[0],'edges':[{'array':0},{'array':0}],'encode':'onehot','counts':[2,3]}",
                "{'op':'discretize','in':[0],'edges':[{'array':0},{'array':0}],'encode':'onehot',"
                        + "'counts':[2147483647,2147483647]}",
                "{'op':'encode','in':[0],'how':'onehot','columns':[]}",
                "{'op':'encode','in':[0],'how':'onehot','columns':[{'categories':[1],'codes':[0],'width':1,'unknown':1},"
                        + "{'categories':[],'codes':[],'width':1,'unknown':-1}]}",
                "{'op':'encode','in':[0],'how':'onehot','columns':[{'categories':[1],'codes':[-2],'width':1,'unknown':-1},"
                        + "{'categories':[],'codes':[],'width':1,'unknown':-1}]}",
                "{'op':'encode','in':[0],'how':'onehot','columns':"
                        + "[{'categories':[],'codes':[],'width':2147483647,'unknown':-1},"
                        + "{'categories':[],'codes':[],'width':2147483647,'unknown':-1}]}",
                "{'op':'encode','in':[0],'how':'ordinal','columns':[{'categories':[1],'codes':[],'unknown':-1},"
                        + "{'categories':[],'codes':[],'unknown':-1}]}",
                "{'op':'encode','in':[0],'how':'ordinal','columns':[{'categories':[[1]],'codes':[0],'unknown':-1},"
                        + "{'categories':[],'codes':[],'unknown':-1}]}",
                "{'op':'project','in':[0],'matrix':{'array':0}}",
                "{'op':'project','in':[0],'matrix':{'array':1},'before':{'array':5}}",
                "{'op':'distances','in':[0],'centres':{'array':1},'metric':'cosine'}",
                "{'op':'distances','in':[0],'centres':{'array':0},'metric':'squared'}",
                "{'op':'yeo_johnson','in':[0],'lambdas':{'array':5}}",
                "{'op':'quantiles','in':[0],'quantiles':{'array':2},'references':{'array':0},'output':'uniform'}",
                "{'op':'quantiles','in':[0],'quantiles':{'array':1},'references':{'array':5},'output':'uniform'}",
                "{'op':'scatter','in':[0],'indices':[0],'width':2}",
                "{'op':'scatter','in':[0],'indices':[0,2],'width':2}",
                "{'op':'scatter','in':[0],'indices':[0,1],'width':2147483647}",
                "{'op':'linear','in':[0],'coefficients':{'array':0},'intercept':{'array':0}}",
                "{'op':'linear','in':[0],'coefficients':{'array':1},'intercept':{'array':5}}",
                "{'op':'link','in':[0],'name':'binary'}",
                "{'op':'link','in':[0],'name':'normalize'}",
                "{'op':'mean','in':[0,0],'weights':[1]}",
                "{'op':'sum','in':[0],'start':{'array':5}}",
                "{'op':'quotient','in':[0]}",
                "{'op':'select_class','in':[0],'rule':'positive'}",
                "{'op':'select_class','in':[0],'rule':'threshold','column':2,'at':1}",
                "{'op':'select_class','in':[0],'rule':'threshold','column':1}",
                "{'op':'vote','in':[0],'classes':0}",
                "{'op':'vote','in':[0],'classes':2147483647}",
                "{'op':'vote','in':[0],'classes':2,'weights':[1]}",
                "{'op':'ballot','in':[0],'classes':2,'weights':[1,1],'against':[1]}",
                "{'op':'weighted_median','in':[0],'weights':[1]}",
                "{'op':'labels','in':[0],'labels':[['a']]}",
                "{'op':'labels','in':[0],'labels':['a','b']}",
                "{'op':'gaussian','in':[0],'means':{'array':1},'variances':{'array':0},'priors':{'array':0}}",
                "{'op':'interpolate','in':[0],'x':{'array':0},'y':{'array':0}}",
                "{'op':'path_score','in':[0],'denominator':1}",
                "{'op':'trees','in':[0]}"
            })
    void a_node_that_does_not_fit_is_refused(String node) {
        assertBad(form().node(node), 2);
    }

    @Test
    void points_that_do_not_ascend_are_refused() {
        for (int x : new int[] {4, 6}) {
            assertBad(
                    form().node("{'op':'columns','in':[0],'indices':[0]}")
                            .node("{'op':'interpolate','in':[1],'x':{'array':" + x + "},'y':{'array':0}}"),
                    1);
        }
    }

    @Test
    void columns_that_double_again_and_again_are_refused() {
        FormBuilder form = form();
        for (int i = 0; i < 40; i++) {
            form.node("{'op':'concat','in':[" + i + "," + i + "]}");
        }
        assertThatThrownBy(() -> form.build(1))
                .isInstanceOf(BadForm.class)
                .hasMessageContaining("more memory for a row");
    }

    @Test
    void many_steps_over_a_wide_value_are_refused() {
        FormBuilder form = FormBuilder.matrix(1);
        StringBuilder zeros = new StringBuilder("0");
        zeros.repeat(",0", 9_999);
        form.node("{'op':'columns','in':[0],'indices':[" + zeros + "]}");
        for (int i = 1; i < 190; i++) {
            form.node("{'op':'function','in':[" + i + "],'name':'exp'}");
        }
        assertThatThrownBy(() -> form.build(10_000))
                .isInstanceOf(BadForm.class)
                .hasMessageContaining("more steps for a row");
    }

    @Test
    void arrays_that_do_not_have_their_bytes_are_refused() {
        String node = "{'op':'arithmetic','in':[0],'steps':[{'do':'add','by':{'array':0}}]}";
        byte[] sixteen = new byte[16];
        assertBad(FormBuilder.matrix(2).array("f8", new int[] {3}, sixteen).node(node), 2);
        assertBad(FormBuilder.matrix(2).array("f8", new int[] {-2}, sixteen).node(node), 2);
        assertBad(FormBuilder.matrix(2).array("q9", new int[] {2}, sixteen).node(node), 2);
        assertBad(
                FormBuilder.matrix(2)
                        .array("f8", new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE}, sixteen)
                        .node(node),
                2);
        assertBad(
                FormBuilder.matrix(2)
                        .array("f8", new int[] {1 << 16, 1 << 16, 1 << 16, 1 << 16}, new byte[0])
                        .node(node),
                2);
        byte[] head = "{\"form\":1,\"columns\":[{\"name\":\"a\",\"dtype\":\"u1\",\"shape\":[5],\"bytes\":5}]}"
                .getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> FormReader.read(head, ByteBuffer.allocate(4), Bounds.USUAL))
                .isInstanceOf(BadForm.class);
        assertThatThrownBy(() -> FormReader.read(head, ByteBuffer.allocate(6), Bounds.USUAL))
                .isInstanceOf(BadForm.class);
    }

    @Test
    void more_nodes_than_allowed_are_refused() {
        ObjectNode head = Json.object();
        head.put("form", 1);
        ArrayNode nodes = Json.array();
        JsonNode node = Json.MAPPER.readTree("{\"op\":\"concat\",\"in\":[0]}");
        for (int i = 0; i < 20_001; i++) {
            nodes.add(node);
        }
        head.set("nodes", nodes);
        assertThatThrownBy(() -> FormReader.read(Json.bytes(head), ByteBuffer.allocate(0), Bounds.USUAL))
                .isInstanceOf(BadForm.class)
                .hasMessageContaining("nodes");
    }

    @Test
    void answers_that_do_not_fit_are_refused() {
        FormBuilder form = form().node("{'op':'columns','in':[0],'indices':[0]}");
        for (String answers : List.of(
                "[]",
                "[{'name':'','node':2,'shape':[1],'dtype':'f8'}]",
                "[{'name':'','node':-1,'shape':[1],'dtype':'f8'}]",
                "[{'name':'','node':1,'shape':[2],'dtype':'f8'}]",
                "[{'name':'','node':1,'shape':[2147483647,2147483647],'dtype':'f8'}]",
                "[{'name':'','node':1,'shape':[1],'dtype':'json'}]",
                "[{'name':'','node':1,'shape':[1],'dtype':'f4'}]")) {
            assertThatThrownBy(() -> form.build(answers)).as(answers).isInstanceOf(BadForm.class);
        }
    }

    @Test
    void a_step_that_depends_on_more_than_its_start_is_refused() {
        FormBuilder form = form().node("{'op':'columns','in':[0],'indices':[0]}")
                .node("{'op':'concat','in':[0,1]}")
                .steps("[{'name':'s','method':'m','from':1,'to':2}]");
        assertThatThrownBy(() -> form.build(3)).isInstanceOf(BadForm.class).hasMessageContaining("depends");
    }

    /** Whatever becomes of a form whose head has changed anywhere, nothing but the two kinds of refusal comes out. */
    @Test
    void a_form_that_was_changed_anywhere_is_refused_or_evaluates() throws Exception {
        Random random = new Random(5);
        List<String> values =
                List.of("-1", "0", "1", "2147483647", "4294967296", "1e300", "null", "[]", "{}", "\"f4\"");
        JsonNode whole = Json.MAPPER.readTree(("{'form':1,'input':{'kind':'matrix','width':2},'nodes':["
                        + "{'op':'numeric','in':[0],'dtype':'f4','missing':'take','infinite':'take'},"
                        + "{'op':'encode','in':[1],'how':'onehot','dtype':'f8','columns':["
                        + "{'categories':[1,2],'codes':[0,1],'width':2,'unknown':-1},"
                        + "{'categories':[3],'codes':[0],'width':1,'unknown':-1}]},"
                        + "{'op':'select_class','in':[2],'rule':'argmax'},"
                        + "{'op':'ballot','in':[3,3],'classes':3,'weights':[1,2]},"
                        + "{'op':'labels','in':[3],'labels':[['a','b','c']]}],"
                        + "'steps':[{'name':'s','method':'m','from':1,'to':2}],"
                        + "'answers':[{'name':'x','node':5,'shape':[],'dtype':'json'},"
                        + "{'name':'y','node':4,'shape':[3],'dtype':'f8'}],'columns':[]}")
                .replace('\'', '"'));
        int evaluated = 0;
        for (int i = 0; i < 3_000; i++) {
            JsonNode changed = whole.deepCopy();
            List<Runnable> places = new ArrayList<>();
            collect(changed, places, Json.MAPPER.readTree(values.get(random.nextInt(values.size()))));
            places.get(random.nextInt(places.size())).run();
            try {
                Evaluator evaluator = Evaluator.of(
                        FormReader.read(Json.bytes(changed), ByteBuffer.allocate(0), Bounds.USUAL), Bounds.USUAL);
                evaluator.answer(NumericValue.of(new double[] {1, 3, Double.NaN, -7}, 2, 2));
                evaluated++;
            } catch (BadForm | Refused refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
        assertThat(evaluated).isBetween(100, 2_900);
    }

    private static void collect(JsonNode node, List<Runnable> places, JsonNode value) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(member -> {
                if (!member.getKey().equals("width") || object.has("categories")) {
                    places.add(() -> object.set(member.getKey(), value));
                }
                collect(member.getValue(), places, value);
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int at = i;
                places.add(() -> array.set(at, value));
                collect(array.get(i), places, value);
            }
        }
    }
}
