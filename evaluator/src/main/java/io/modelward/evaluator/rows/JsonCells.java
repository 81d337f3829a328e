package io.modelward.evaluator.rows;

/** JSON values in a row, given as the places of their text. Each text is valid JSON. */
public interface JsonCells {

    /** How many values there are. */
    int rows();

    /** What the places are places of: UTF-8. */
    byte[] bytes();

    /** Where a value begins; negative when a row that is an object leaves the column out. */
    int start(int row);

    /** Where a value ends, exclusive. */
    int end(int row);
}
