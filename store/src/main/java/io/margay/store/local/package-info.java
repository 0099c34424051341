/**
 * Stores that own their objects, in memory and on disk: takes transactions, gives objects with
 * growing resource versions and watches over them. Never judges what an object says.
 */
@NullMarked
package io.margay.store.local;

import org.jspecify.annotations.NullMarked;
