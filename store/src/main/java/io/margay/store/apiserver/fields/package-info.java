/**
 * Who owns which field of an object: takes objects before and after a write and the schema of their
 * kind, gives the managed fields, and merges what appliers want. Never looks at what a field means.
 */
@NullMarked
package io.margay.store.apiserver.fields;

import org.jspecify.annotations.NullMarked;
