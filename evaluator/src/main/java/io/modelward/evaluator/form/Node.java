package io.modelward.evaluator.form;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One node of a form's graph, with ways to read its members that say what is wrong with them.
 *
 * @param number of the value that it makes
 * @param inputs numbers of the values that it takes, each smaller than its own
 */
public record Node(int number, String op, int[] inputs, JsonNode members, List<FormArray> arrays) {

    /** A problem of this node. */
    public BadForm bad(String why) {
        return new BadForm("node " + (number - 1) + " (" + op + ") " + why);
    }

    public boolean has(String name) {
        JsonNode member = members.path(name);
        return !member.isMissingNode() && !member.isNull();
    }

    /** The array that a member names. */
    public FormArray array(String name) throws BadForm {
        return array(members.path(name), name);
    }

    /** The array that a value within a member names; {@code name} says which member, for the message. */
    public FormArray array(JsonNode reference, String name) throws BadForm {
        JsonNode index = reference.path("array");
        if (!index.isInt() || index.intValue() < 0 || index.intValue() >= arrays.size()) {
            throw bad("has no array " + name);
        }
        return arrays.get(index.intValue());
    }

    /** The numbers of an array with a known count. */
    public double[] doubles(String name, int count) throws BadForm {
        double[] items = array(name).doubles();
        if (items.length != count) {
            throw bad("has " + items.length + " numbers in " + name + " where " + count + " are needed");
        }
        return items;
    }

    /** The numbers of an array; empty when the node does not have the member. */
    public Optional<double[]> doublesIfAny(String name, int count) throws BadForm {
        return has(name) ? Optional.of(doubles(name, count)) : Optional.empty();
    }

    /** The rows and columns of an array with two axes. */
    public int[] shape(String name) throws BadForm {
        int[] shape = array(name).shape();
        if (shape.length != 2) {
            throw bad("needs two axes in " + name);
        }
        return shape;
    }

    public int[] ints(String name) throws BadForm {
        return array(name).ints();
    }

    /** A list of whole numbers, given in the head itself. */
    public int[] list(String name) throws BadForm {
        JsonNode list = members.path(name);
        if (!list.isArray()) {
            throw bad("needs a list " + name);
        }
        int[] items = new int[list.size()];
        for (int i = 0; i < items.length; i++) {
            JsonNode item = list.get(i);
            if (!item.isInt()) {
                throw bad("needs whole numbers in " + name);
            }
            items[i] = item.intValue();
        }
        return items;
    }

    /** A list of numbers, given in the head itself. */
    public double[] numbers(String name) throws BadForm {
        JsonNode list = members.path(name);
        if (!list.isArray()) {
            throw bad("needs a list " + name);
        }
        double[] items = new double[list.size()];
        for (int i = 0; i < items.length; i++) {
            items[i] = number(list.get(i), name);
        }
        return items;
    }

    public String text(String name, String otherwise) throws BadForm {
        JsonNode member = members.path(name);
        if (member.isMissingNode() || member.isNull()) {
            return otherwise;
        }
        if (!member.isString()) {
            throw bad("needs a text in " + name);
        }
        return member.stringValue();
    }

    /** One of some words. */
    public String word(String name, String... words) throws BadForm {
        String found = text(name, "");
        for (String word : words) {
            if (word.equals(found)) {
                return found;
            }
        }
        throw bad("needs one of " + String.join(", ", words) + " in " + name);
    }

    public double number(String name, double otherwise) throws BadForm {
        JsonNode member = members.path(name);
        if (member.isMissingNode() || member.isNull()) {
            return otherwise;
        }
        return number(member, name);
    }

    /** The number that a value within a member is; {@code name} says which member, for the message. */
    public double number(JsonNode member, String name) throws BadForm {
        return JsonCell.number(member).orElseThrow(() -> bad("needs a number in " + name));
    }

    public int whole(String name, int least, int most) throws BadForm {
        JsonNode member = members.path(name);
        if (!member.isInt() || member.intValue() < least || member.intValue() > most) {
            throw bad("needs a whole number from " + least + " to " + most + " in " + name);
        }
        return member.intValue();
    }

    public boolean flag(String name) {
        return members.path(name).booleanValue(false);
    }
}
