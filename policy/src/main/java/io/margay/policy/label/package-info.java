/**
 * Takes items with labels and selectors, gives the matches between them as they come and go, and
 * never compares all selectors with all items.
 */
@NullMarked
package io.margay.policy.label;

import org.jspecify.annotations.NullMarked;
