package io.modelward.store.catalog;

import io.modelward.core.notification.Notice;
import java.util.List;

/** Notices that no channel has been given yet, each written in the transaction of the change that it tells of. */
public interface NoticeQueue {

    /** Adds a notice, unless there is no channel at all or {@code most} wait already. */
    void add(Notice notice, long most);

    boolean isEmpty();

    /** Takes the oldest ones out, at most {@code limit}. */
    List<Notice> take(int limit);
}
