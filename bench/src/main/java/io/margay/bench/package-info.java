/** Placeholder until the module gets its content. */
package io.margay.bench;
