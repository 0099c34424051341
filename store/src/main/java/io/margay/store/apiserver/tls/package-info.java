/**
 * Who may talk to the embedded API server: its certificate authority, the credential of its only
 * user, and the kubeconfig that carries it.
 */
@NullMarked
package io.margay.store.apiserver.tls;

import org.jspecify.annotations.NullMarked;
