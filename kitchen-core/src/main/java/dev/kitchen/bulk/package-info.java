/** Answers many requests in order, several of them in one run where rows are independent. */
@NullMarked
package dev.kitchen.bulk;

import org.jspecify.annotations.NullMarked;
