/** Objects as rows for people: what {@code kubectl get} prints. */
@NullMarked
package io.margay.store.table;

import org.jspecify.annotations.NullMarked;
