/**
 * Everything that has a name in Margay: addresses, selectors, resources, verdicts and flows, and
 * how they are read from and written to text. Pure data, no I/O beyond parsing.
 */
@NullMarked
package io.margay.model;

import org.jspecify.annotations.NullMarked;
