/** Parts of pages that follow what happens: one stream of events for all tabs of a browser. */
package io.modelward.pages.live;
