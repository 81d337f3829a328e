/** The page that leads to all others: whether everything is all right. */
package io.modelward.pages.home;
