/** How people sign in and stay signed in. */
@NullMarked
package io.margay.console.signin;

import org.jspecify.annotations.NullMarked;
