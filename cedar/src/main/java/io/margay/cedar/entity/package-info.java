/** Entities and their hierarchy: an immutable store that changes one entity at a time. */
@NullMarked
package io.margay.cedar.entity;

import org.jspecify.annotations.NullMarked;
