/** The operations of the registry: deploy, activate, roll back, retire. */
@NullMarked
package dev.kitchen.deploy;

import org.jspecify.annotations.NullMarked;
