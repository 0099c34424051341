package io.margay.store.apiserver.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A certificate and the key that proves to be its subject. */
public record Identity(X509Certificate certificate, PrivateKey key) {}
