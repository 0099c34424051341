/** What all requests share: routes, checks, headers, errors. */
@NullMarked
package io.margay.console.http;

import org.jspecify.annotations.NullMarked;
