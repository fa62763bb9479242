package dev.kitchen.models;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.json.ModelBundle;
import dev.kitchen.observe.CloseEvent;
import dev.kitchen.observe.LoadEvent;
import dev.kitchen.predict.GoldenCase;
import dev.kitchen.proof.RowsProving;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.serving.ServingContext;
import dev.kitchen.spi.Backend;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.VersionIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads one version, and says how that went. */
public final class Loading {

    private static final Logger LOGGER = LoggerFactory.getLogger(Loading.class);

    private final ServingContext context;
    private final Backends backends;
    private final RowsProving rowsProving;

    Loading(ServingContext context, Backends backends) {
        this.context = context;
        this.backends = backends;
        this.rowsProving = new RowsProving(context.session(), context.open());
    }

    /** Lets nothing that is being loaded hold up a closing kitchen. */
    void stop() {
        rowsProving.stop();
    }

    /**
     * A version, ready to serve.
     *
     * @throws KitchenException if its files are not what they were, or it does not load; everybody has been told then
     */
    ServedVersion load(VersionInfo version, ModelSource source) {
        return told(version.model(), version.version(), () -> {
            Path path = source.artifact(version);
            List<String> problems = source.verify(version);
            if (!problems.isEmpty()) {
                throw new ModelLoadException(
                        String.join("; ", problems) + "; the files are not those that were deployed");
            }
            Optional<ModelBundle> bundle = ModelBundle.in(path);
            InferenceSession session = session(path, bundle);
            return serve(version, session, () -> rowsRefusal(version.model(), session, bundle));
        });
    }

    /** A session of which nobody knows yet whether it will ever serve. */
    public InferenceSession candidate(String model, String version, Path path, Optional<ModelBundle> bundle) {
        return told(model, version, () -> session(path, bundle));
    }

    /** Closes a candidate that is not going to serve. */
    public void discard(String model, String version, InferenceSession candidate) {
        close(model, version, candidate);
        context.listener().onClose(new CloseEvent(model, version, 0, false));
    }

    /** Why a version's rows may not be batched; empty if they may, or nobody wants to. */
    public Optional<String> rowsRefusal(String model, InferenceSession session, Optional<ModelBundle> bundle) {
        List<GoldenCase> goldenCases = bundle.map(ModelBundle::goldenCases).orElse(List.of());
        return context.settings()
                .apply(model)
                .batching()
                .flatMap(batching -> rowsProving.refusal(batching, session, goldenCases));
    }

    /** Takes a session into service, or closes it. */
    public ServedVersion serve(VersionInfo version, InferenceSession session, Supplier<Optional<String>> rowsRefusal) {
        try {
            String identity = version.sha256()
                    .map(it -> Identity.of(it, session, backends))
                    .orElseGet(() -> UUID.randomUUID().toString());
            return new ServedVersion(
                    new VersionIdentity(version.model(), version.version(), identity),
                    session,
                    context,
                    rowsRefusal.get());
        } catch (Throwable e) {
            close(version.model(), version.version(), session);
            throw ForeignCode.typed(
                    "model '" + version.model() + "', version '" + version.version() + "': cannot serve",
                    e,
                    ModelLoadException::new);
        }
    }

    /** Closes a session that does not serve; what that throws is logged. */
    private static void close(String model, String version, InferenceSession session) {
        ForeignCode.attempt("model '" + model + "', version '" + version + "': closing its session", session::close);
    }

    private <T> T told(String name, String version, Supplier<T> work) {
        long start = System.nanoTime();
        Object begun = context.listener().begin(LoadEvent.class);
        Optional<KitchenException> failure = Optional.empty();
        try {
            T result = work.get();
            LOGGER.info("model {}, version {} loaded in {} ms", name, version, (System.nanoTime() - start) / 1_000_000);
            return result;
        } catch (Throwable thrown) {
            KitchenException e = ForeignCode.typed(
                    "model '" + name + "', version '" + version + "': loading failed", thrown, ModelLoadException::new);
            failure = Optional.of(e);
            LOGGER.warn("model {}, version {} did not load: {}", name, version, e.getMessage());
            throw e;
        } finally {
            context.listener().end(begun, new LoadEvent(name, version, System.nanoTime() - start, failure));
        }
    }

    private InferenceSession session(Path path, Optional<ModelBundle> bundle) {
        InferenceSession session = session(ModelFiles.of(path, bundle.flatMap(ModelBundle::model), backends));
        try {
            String place = "bundle " + path.resolve(ModelBundle.FILE_NAME);
            return bundle.map(it -> BundledSession.of(session, it, place)).orElse(session);
        } catch (Throwable e) {
            ForeignCode.attempt("bundle " + path + ": closing its session", session::close);
            throw e;
        }
    }

    private InferenceSession session(Path file) {
        Backend backend = backends.accepting(file).orElseThrow(() -> backends.noBackendFor(file));
        if (!Files.isReadable(file)) {
            throw new ModelLoadException("model file " + file + ": cannot be read, expected a readable file");
        }
        return ForeignCode.call(
                "model file " + file + ": backend " + Backends.name(backend) + " failed",
                () -> Objects.requireNonNull(backend.load(file), "it returned no session"),
                ModelLoadException::new);
    }
}
