/**
 * What the server tells about itself: which kinds it has and what their fields mean. Gives the
 * documents by which kubectl finds, validates and explains; never changes anything.
 */
@NullMarked
package io.margay.store.apiserver.discovery;

import org.jspecify.annotations.NullMarked;
