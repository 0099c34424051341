/** Resources from any server that speaks the Kubernetes API. */
@NullMarked
package io.margay.store.kubernetes;

import org.jspecify.annotations.NullMarked;
