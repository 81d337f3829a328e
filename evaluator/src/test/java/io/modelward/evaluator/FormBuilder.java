package io.modelward.evaluator;

import io.modelward.core.json.Json;
import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Bounds;
import io.modelward.evaluator.form.FormReader;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.Value;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Forms made by hand: nodes as JSON, whose single quotes become double ones, and arrays. */
final class FormBuilder {

    private final ObjectNode head = Json.object();
    private final ArrayNode nodes = Json.array();
    private final ArrayNode columns = Json.array();
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
    private int width;

    private FormBuilder(String input) {
        head.put("form", 1);
        head.set("input", Json.MAPPER.readTree(input.replace('\'', '"')));
        head.set("nodes", nodes);
        head.set("columns", columns);
    }

    static FormBuilder matrix(int width) {
        FormBuilder form = new FormBuilder("{'kind':'matrix','width':" + width + "}");
        form.width = width;
        return form;
    }

    static FormBuilder single(int width) {
        FormBuilder form = new FormBuilder("{'kind':'matrix','dtype':'f4','width':" + width + "}");
        form.width = width;
        return form;
    }

    /** @param names of the columns, with commas between */
    static FormBuilder frame(String names) {
        return new FormBuilder("{'kind':'frame','names':['" + names.replace(",", "','") + "']}");
    }

    FormBuilder node(String json) {
        nodes.add(Json.MAPPER.readTree(json.replace('\'', '"')));
        return this;
    }

    FormBuilder array(double... items) {
        return array(new int[] {items.length}, items);
    }

    FormBuilder array(int[] shape, double... items) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * items.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(items);
        return array("f8", shape, bytes.array());
    }

    FormBuilder whole(int[] shape, int... items) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * items.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(items);
        return array("i4", shape, bytes.array());
    }

    FormBuilder whole(int... items) {
        return whole(new int[] {items.length}, items);
    }

    FormBuilder array(String dtype, int[] shape, byte[] bytes) {
        ArrayNode axes = Json.array();
        for (int length : shape) {
            axes.add(length);
        }
        ObjectNode column = Json.object();
        column.put("name", "a" + columns.size());
        column.put("dtype", dtype);
        column.set("shape", axes);
        column.put("bytes", bytes.length);
        columns.add(column);
        raw.writeBytes(bytes);
        return this;
    }

    FormBuilder steps(String json) {
        head.set("steps", Json.MAPPER.readTree(json.replace('\'', '"')));
        return this;
    }

    Evaluator build(String answers) throws BadForm {
        head.set("answers", Json.MAPPER.readTree(answers.replace('\'', '"')));
        byte[] text = Json.write(head).getBytes(StandardCharsets.UTF_8);
        return Evaluator.of(FormReader.read(text, ByteBuffer.wrap(raw.toByteArray()), Bounds.USUAL), Bounds.USUAL);
    }

    /** The evaluator of a form whose last node makes so many numbers. */
    Evaluator build(int outputs) throws BadForm {
        return build("[{'name':'','node':" + nodes.size() + ",'shape':[" + outputs + "],'dtype':'f8'}]");
    }

    /** What the last node makes of rows. */
    double[] of(Value rows, int outputs) throws BadForm, Refused {
        Answer answer = build(outputs).answer(rows).getFirst();
        return ((Answer.Data.Doubles) answer.data()).items();
    }

    /** What the last node makes of one row of numbers. */
    double[] of(int outputs, double... row) throws BadForm, Refused {
        boolean single = head.path("input").path("dtype").stringValue("").equals("f4");
        return of(new NumericValue(row, row.length / width, width, single), outputs);
    }
}
