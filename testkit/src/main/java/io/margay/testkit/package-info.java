/**
 * Takes vector files; gives tests one case for each of them, and what tests of several modules
 * share. Never in a product: test scope only.
 */
@NullMarked
package io.margay.testkit;

import org.jspecify.annotations.NullMarked;
