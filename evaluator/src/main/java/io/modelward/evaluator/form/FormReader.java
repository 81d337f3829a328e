package io.modelward.evaluator.form;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads forms, and trusts nothing in them. */
public final class FormReader {

    private static final int MOST_AXES = 4;
    private static final int MOST_STEPS = 20_000;
    private static final int MOST_ANSWERS = 100;

    private final JsonNode head;
    private final ByteBuffer raw;
    private final Bounds bounds;

    private FormReader(JsonNode head, ByteBuffer raw, Bounds bounds) {
        this.head = head;
        this.raw = raw;
        this.bounds = bounds;
    }

    /**
     * Reads a form.
     *
     * @param head UTF-8 JSON
     * @param raw the bytes of the arrays, one after the other
     */
    public static Form read(byte[] head, ByteBuffer raw, Bounds bounds) throws BadForm {
        try {
            return new FormReader(Json.parse(head, "form"), raw.duplicate().order(ByteOrder.LITTLE_ENDIAN), bounds)
                    .form();
        } catch (ProblemException noJson) {
            throw new BadForm("its head is no JSON");
        }
    }

    private Form form() throws BadForm {
        if (head.path("form").intValue(-1) != Form.VERSION) {
            throw new BadForm("it is of a version that is not known here");
        }
        List<FormArray> arrays = arrays();
        List<Node> nodes = nodes(arrays);
        Map<String, String> library = new LinkedHashMap<>();
        head.path("library")
                .properties()
                .forEach(entry -> library.put(entry.getKey(), entry.getValue().asString("")));
        return new Form(
                library,
                head.path("model").stringValue(""),
                head.path("input"),
                nodes,
                steps(nodes.size()),
                answers(nodes.size()));
    }

    private List<FormArray> arrays() throws BadForm {
        List<FormArray> arrays = new ArrayList<>();
        for (JsonNode column : head.path("columns")) {
            String name = column.path("name").stringValue("");
            FormArray.Dtype dtype = switch (column.path("dtype").stringValue("")) {
                case "f8" -> FormArray.Dtype.F8;
                case "f4" -> FormArray.Dtype.F4;
                case "i8" -> FormArray.Dtype.I8;
                case "i4" -> FormArray.Dtype.I4;
                case "u1" -> FormArray.Dtype.U1;
                default -> throw new BadForm("the array " + name + " has no dtype that is known");
            };
            int[] shape = shape(column.path("shape"), name);
            long bytes = dtype.size();
            for (int length : shape) {
                bytes = bytes * length;
                if (bytes > Integer.MAX_VALUE) {
                    throw new BadForm("the array " + name + " is too large");
                }
            }
            if (bytes != column.path("bytes").longValue(-1) || bytes > raw.remaining()) {
                throw new BadForm("the array " + name + " does not have the bytes that its shape says");
            }
            arrays.add(new FormArray(name, dtype, shape, raw.slice(raw.position(), (int) bytes)));
            raw.position(raw.position() + (int) bytes);
        }
        if (raw.hasRemaining()) {
            throw new BadForm("it has bytes that belong to no array");
        }
        return arrays;
    }

    private static int[] shape(JsonNode axes, String name) throws BadForm {
        if (!axes.isArray() || axes.size() > MOST_AXES) {
            throw new BadForm("the array " + name + " has no shape");
        }
        int[] shape = new int[axes.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = axes.get(i).intValue(-1);
            if (shape[i] < 0) {
                throw new BadForm("the array " + name + " has no shape");
            }
        }
        return shape;
    }

    private List<Node> nodes(List<FormArray> arrays) throws BadForm {
        JsonNode list = head.path("nodes");
        if (!list.isArray() || list.size() > bounds.nodes()) {
            throw new BadForm("it has no nodes, or more than " + bounds.nodes());
        }
        List<Node> nodes = new ArrayList<>();
        for (JsonNode node : list) {
            int number = nodes.size() + 1;
            JsonNode in = node.path("in");
            int[] inputs = new int[in.size()];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = in.get(i).intValue(-1);
                if (inputs[i] < 0 || inputs[i] >= number) {
                    throw new BadForm("node " + (number - 1) + " takes a value that is not made before it");
                }
            }
            if (inputs.length == 0) {
                throw new BadForm("node " + (number - 1) + " takes no value");
            }
            nodes.add(new Node(number, node.path("op").stringValue(""), inputs, node, arrays));
        }
        return nodes;
    }

    private List<Form.Step> steps(int values) throws BadForm {
        JsonNode list = head.path("steps");
        if (list.size() > MOST_STEPS) {
            throw new BadForm("it has more than " + MOST_STEPS + " steps");
        }
        List<Form.Step> steps = new ArrayList<>();
        for (JsonNode step : list) {
            int from = step.path("from").intValue(-1);
            int to = step.path("to").intValue(-1);
            if (from < 0 || to < from || to > values) {
                throw new BadForm("a step names a value that is not made");
            }
            steps.add(new Form.Step(
                    step.path("name").stringValue("a step"), step.path("method").stringValue(""), from, to));
        }
        return steps;
    }

    private List<Form.AnswerPart> answers(int values) throws BadForm {
        JsonNode list = head.path("answers");
        if (list.isEmpty() || list.size() > MOST_ANSWERS) {
            throw new BadForm("it has no answers, or more than " + MOST_ANSWERS);
        }
        List<Form.AnswerPart> answers = new ArrayList<>();
        for (JsonNode answer : list) {
            int node = answer.path("node").intValue(-1);
            String name = answer.path("name").stringValue("");
            String dtype = answer.path("dtype").stringValue("");
            if (node < 0 || node > values) {
                throw new BadForm("an answer names a value that is not made");
            }
            if (!List.of("f8", "i8", "b1", "json").contains(dtype)) {
                throw new BadForm("an answer has no dtype that is known");
            }
            if (answers.stream().anyMatch(other -> other.name().equals(name)) || (name.isEmpty() && list.size() > 1)) {
                throw new BadForm("its answers do not have names of their own");
            }
            answers.add(new Form.AnswerPart(name, node, shape(answer.path("shape"), "of an answer"), dtype));
        }
        return answers;
    }
}
