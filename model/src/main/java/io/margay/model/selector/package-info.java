/** Calico's selector language: parse, print canonically, match, rewrite. */
@NullMarked
package io.margay.model.selector;

import org.jspecify.annotations.NullMarked;
