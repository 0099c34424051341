/**
 * The API objects that Margay reads, as records: field names are the API's own, defaults are
 * applied, and every CIDR, selector, port and protocol is already parsed.
 */
@NullMarked
package io.margay.model.resource;

import org.jspecify.annotations.NullMarked;
