/**
 * Questions about whole policy sets: which policies can never matter, whether two sets decide
 * alike, and which recorded requests a change would flip.
 */
@NullMarked
package io.margay.cedar.analyze;

import org.jspecify.annotations.NullMarked;
