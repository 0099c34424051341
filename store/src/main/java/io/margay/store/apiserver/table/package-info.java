/** Objects as rows for people: what {@code kubectl get} prints. */
@NullMarked
package io.margay.store.apiserver.table;

import org.jspecify.annotations.NullMarked;
