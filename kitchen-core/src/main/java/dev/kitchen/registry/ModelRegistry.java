package dev.kitchen.registry;

import java.util.List;

/**
 * The models of a kitchen, their versions, and which of them serve. Safe for use by many threads and processes.
 *
 * <p>Whoever is named must be there: otherwise every operation throws {@link dev.kitchen.error.ModelNotFoundException}.
 * What the registry refuses or cannot do is a {@link dev.kitchen.error.RegistryException}, whose {@code reason()} says
 * why; nothing has changed then.
 */
public interface ModelRegistry {

    /**
     * Registers a version, after it has proved itself beside what serves: its files are hashed, it is loaded, its
     * signature is compared with the current version's, its golden cases are replayed, and its budget is checked. Becomes
     * current only if that is asked for, or if it is the model's first. Blocks until done.
     *
     * @return the version; of one deployed before with the same content, what is registered
     * @throws dev.kitchen.error.RegistryException {@code REJECTED} if it does not prove itself, which is recorded;
     *     {@code CONFLICT} if the version exists with other content
     */
    VersionInfo deploy(DeployRequest request);

    /**
     * Makes a version the current one; also offers the model again if it was deactivated. It is loaded first.
     *
     * @param version a version, or an alias
     */
    VersionInfo activate(String model, String version);

    /** Offers a model again that was deactivated. */
    void activate(String model);

    /** Takes a whole model off the list: calls find no such endpoint until it is activated. Calls under way go on. */
    void deactivate(String model);

    /**
     * Makes the version current again that was so before. Flips what this process serves even if the document cannot be
     * written, such as on a full disk: the kitchen's health is degraded then until it can.
     *
     * @return the version that is current now
     */
    VersionInfo rollback(String model);

    /** As {@link #rollback(String)}, to a version of the caller's choice. */
    VersionInfo rollback(String model, String version);

    /**
     * Points a name at a version: {@code champion}, {@code challenger}. A call may ask for it instead of a version.
     *
     * @param alias as a version's name, but not that of a version, and not {@code latest}
     */
    void alias(String model, String alias, String version);

    /** Takes an alias away. */
    void removeAlias(String model, String alias);

    /** Keeps a version but loads it no more. Refused for one that is current or has an alias. */
    void retire(String model, String version);

    /** Removes a version and its files. Refused while it is current, has an alias, or answers a call. */
    void delete(String model, String version);

    /** Says which versions stay loaded. */
    void policy(String model, VersionPolicy policy);

    /** All models, in alphabetical order, deactivated ones too. */
    List<ModelInfo> list();

    /** One model, and what this process makes of its versions. */
    ModelInfo describe(String model);

    /**
     * Reads all files of a model's versions again.
     *
     * @return what is not as it was when it was registered, in words; empty if all is well
     */
    List<String> verify(String model);

    /** What was done to a model, oldest first. */
    List<AuditEntry> history(String model);
}
