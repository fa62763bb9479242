package dev.kitchen.store;

/** The points between the steps of one write of the document, in their order: where a process may die. */
enum WriteStep {
    LOCKED,
    READ,
    CHANGED,
    HALF_WRITTEN,
    WRITTEN,
    VERIFIED,
    BACKUP_WRITTEN,
    BACKED_UP,
    MOVED,
    FORCED,
    TOLD
}
