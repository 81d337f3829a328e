/** What all pages share: the frame around a page, templates, files for browsers, words for values, errors as pages. */
package io.modelward.pages.frame;
