package dev.kitchen.deploy;

import dev.kitchen.error.ModelLoadException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.json.ModelBundle;
import dev.kitchen.models.Loading;
import dev.kitchen.models.VersionLoader;
import dev.kitchen.proof.ProofPlan;
import dev.kitchen.proof.ProofReport;
import dev.kitchen.proof.VersionProof;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.serving.ServingContext;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.store.LoadedAs;
import dev.kitchen.store.StagedVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads a staged version beside what serves, and finds out whether it may serve. */
final class Proving {

    private static final Logger LOGGER = LoggerFactory.getLogger(Proving.class);

    /** How long one run of a proof may take. */
    private static final Duration RUN_LIMIT = Duration.ofSeconds(60);

    private final Loading loading;
    private final VersionLoader loader;
    private final ServingContext context;
    private final Set<VersionProof> underWay = ConcurrentHashMap.newKeySet();

    Proving(Loading loading, VersionLoader loader, ServingContext context) {
        this.loading = loading;
        this.loader = loader;
        this.context = context;
    }

    /** A version that may serve, loaded and warm. */
    final class Proved {

        private final StagedVersion staged;
        private final InferenceSession session;
        private final DeployRequest request;
        private final LoadedAs loadedAs;
        private final Optional<ServedVersion> model;

        /** Takes the session, and closes it if that fails: whatever a backend or a stage throws comes before the commit. */
        Proved(StagedVersion staged, InferenceSession session, DeployRequest request, Checked checked) {
            this.staged = staged;
            this.session = session;
            this.request = request;
            this.loadedAs = checked.loadedAs();
            this.model = checked.loadedAs().signature().defaultedInputs().isEmpty()
                    ? Optional.of(loading.serve(info(staged), session, checked::rowsRefusal))
                    : Optional.empty();
        }

        /** What was asked, with what the bundle says about itself where the request says nothing. */
        DeployRequest request() {
            return request;
        }

        LoadedAs loadedAs() {
            return loadedAs;
        }

        /**
         * Hands the loaded version on. One whose inputs have defaults may read its file again, which has moved since: it
         * is loaded anew from where it is now.
         */
        void serve(Consumer<ServedVersion> taker) {
            model.ifPresentOrElse(taker, this::discard);
        }

        void discard() {
            model.ifPresentOrElse(
                    ServedVersion::retire, () -> loading.discard(staged.model(), staged.version(), session));
        }
    }

    private static VersionInfo info(StagedVersion staged) {
        return VersionInfo.builder(staged.model(), staged.version(), staged.directory())
                .sha256(staged.sha256())
                .build();
    }

    /** What is known of a session that passed. */
    record Checked(LoadedAs loadedAs, Optional<String> rowsRefusal) {}

    /**
     * Proves a version on a loading thread.
     *
     * @param current the version that answers now
     * @throws dev.kitchen.error.KitchenException saying why it may not serve
     */
    Proved prove(StagedVersion staged, DeployRequest request, Optional<ServedVersion> current) {
        CompletableFuture<Proved> proving = loader.call(() -> proveNow(staged, request, current), Proved::discard);
        try {
            return VersionLoader.await(proving);
        } catch (Throwable e) {
            discardLater(proving);
            throw e;
        }
    }

    /** What is proved for nobody, as whoever waited was interrupted or the kitchen closed, is closed. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for that
    private static void discardLater(CompletableFuture<Proved> proving) {
        proving.whenComplete((proved, failure) -> Optional.ofNullable(proved).ifPresent(Proved::discard));
    }

    private Proved proveNow(StagedVersion staged, DeployRequest request, Optional<ServedVersion> current) {
        Optional<ModelBundle> bundle = ModelBundle.in(staged.directory());
        bundle.map(ModelBundle::unknownFields)
                .filter(it -> !it.isEmpty())
                .ifPresent(it -> LOGGER.warn("{}: {} has unknown fields {}", place(staged), ModelBundle.FILE_NAME, it));
        DeployRequest described = described(request, bundle);
        long before = ResidentMemory.bytes();
        InferenceSession session = loading.candidate(staged.model(), staged.version(), staged.directory(), bundle);
        Checked checked;
        try {
            check(staged, session, request, bundle, current);
            requireMemory(staged, request, bundle, ResidentMemory.bytes() - before);
            checked = new Checked(
                    new LoadedAs(session.metadata().backend(), session.signature()),
                    loading.rowsRefusal(staged.model(), session, bundle));
        } catch (Throwable e) {
            loading.discard(staged.model(), staged.version(), session);
            throw e;
        }
        return new Proved(staged, session, described, checked);
    }

    private void check(
            StagedVersion staged,
            InferenceSession session,
            DeployRequest request,
            Optional<ModelBundle> bundle,
            Optional<ServedVersion> current) {
        ProofReport report =
                run(new VersionProof(place(staged), session, plan(request, bundle, current), context.session()));
        report.forced().forEach(it -> LOGGER.warn("forced: {}", it));
        if (!report.passed()) {
            throw new RegistryException(Reason.REJECTED, report.reason());
        }
    }

    private ProofReport run(VersionProof proof) {
        underWay.add(proof);
        try {
            context.open().requireOpen();
            return proof.run();
        } finally {
            underWay.remove(proof);
        }
    }

    /** Stops what is being proved: the kitchen closes. */
    void stop() {
        underWay.forEach(VersionProof::stop);
    }

    /** What was asked, with what the bundle says about itself; a bundle that is the reason why not says nothing. */
    static DeployRequest described(StagedVersion staged, DeployRequest request) {
        try {
            return described(request, ModelBundle.in(staged.directory()));
        } catch (ModelLoadException e) {
            return request;
        }
    }

    private static DeployRequest described(DeployRequest request, Optional<ModelBundle> bundle) {
        return bundle.map(it -> merged(request, it)).orElse(request);
    }

    private static DeployRequest merged(DeployRequest request, ModelBundle bundle) {
        DeployRequest.Builder merged = DeployRequest.of(request.model(), request.source());
        bundle.metrics().forEach(merged::metric);
        bundle.lineage().forEach(merged::lineage);
        bundle.tags().forEach(merged::tag);
        request.metrics().forEach(merged::metric);
        request.lineage().forEach(merged::lineage);
        request.tags().forEach(merged::tag);
        return merged.build();
    }

    private static ProofPlan plan(
            DeployRequest request, Optional<ModelBundle> bundle, Optional<ServedVersion> current) {
        return new ProofPlan(
                bundle.flatMap(ModelBundle::signature),
                current.map(ServedVersion::signature),
                bundle.map(ModelBundle::goldenCases).orElse(List.of()),
                bundle.map(ModelBundle::batchSizes).orElse(List.of()),
                bundle.flatMap(ModelBundle::latencyBudget),
                RUN_LIMIT,
                request.force());
    }

    private static void requireMemory(
            StagedVersion staged, DeployRequest request, Optional<ModelBundle> bundle, long bytes) {
        OptionalLong budget = bundle.map(ModelBundle::memoryBudgetBytes).orElse(OptionalLong.empty());
        if (budget.isEmpty() || bytes <= budget.getAsLong()) {
            return;
        }
        String words = place(staged) + ": takes " + (bytes >> 20) + " MiB of memory, expected at most "
                + (budget.getAsLong() >> 20) + " MiB";
        if (!request.force()) {
            throw new RegistryException(Reason.REJECTED, words);
        }
        LOGGER.warn("forced: {}", words);
    }

    private static String place(StagedVersion staged) {
        return "model '" + staged.model() + "', version '" + staged.version() + "'";
    }
}
