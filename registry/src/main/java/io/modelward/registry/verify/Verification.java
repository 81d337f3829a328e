package io.modelward.registry.verify;

import java.util.List;

/**
 * The result of a verification.
 *
 * @param files of versions
 * @param bytes hashed; a blob that several files share is mostly hashed once
 * @param artifacts files of runs and logged models
 * @param rows of the catalog that must not change
 * @param unhashed how many of the rows were written by an earlier release and have no hash to compare with
 * @param records decision records
 * @param damaged all that is damaged, or the first of it
 * @param unnamed how many more are damaged
 */
public record Verification(
        int versions,
        int files,
        long bytes,
        long artifacts,
        long rows,
        long unhashed,
        long records,
        List<Damage> damaged,
        long unnamed) {

    public boolean intact() {
        return damaged.isEmpty();
    }
}
