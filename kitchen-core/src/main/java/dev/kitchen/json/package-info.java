/**
 * Tensors and signatures as JSON, in the words of the Open Inference Protocol; read and written as a stream, within
 * limits. Small documents that are changed and written again are trees.
 *
 * @see <a href="https://github.com/kserve/open-inference-protocol">Open Inference Protocol V2</a>
 */
@NullMarked
package dev.kitchen.json;

import org.jspecify.annotations.NullMarked;
