package dev.kitchen.spi;

/** The context of a run that nothing stops. */
enum UnstoppableRun implements RunContext {
    INSTANCE;

    @Override
    public boolean hasDeadline() {
        return false;
    }

    @Override
    public boolean isStopped() {
        return false;
    }

    @Override
    public void onStop(Runnable stop) {}

    @Override
    public void clearOnStop() {}

    @Override
    public void cancel() {}
}
