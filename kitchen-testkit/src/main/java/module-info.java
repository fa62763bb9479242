/** Contract tests and fakes for authors of Kitchen plugins. */
module dev.kitchen.testkit {
    requires static org.jspecify;
    requires transitive dev.kitchen;
    requires org.assertj.core;
    requires transitive org.junit.jupiter.api;

    exports dev.kitchen.testkit;

    // JUnit calls the contract's package-private test methods by reflection.
    opens dev.kitchen.testkit to
            org.junit.platform.commons;
}
