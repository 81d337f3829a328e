package io.modelward.browser;

import com.microsoft.playwright.options.ColorScheme;

/** How a page is looked at: the colours that the system wants, the width of the window, and whether scripts run. */
record Look(ColorScheme colours, int width, boolean script) {

    static final int WIDE = 1280;
    static final int NARROW = 390;
    static final Look LIGHT = new Look(ColorScheme.LIGHT, WIDE, true);
    static final Look DARK = new Look(ColorScheme.DARK, WIDE, true);
    static final Look SMALL = new Look(ColorScheme.LIGHT, NARROW, true);
    static final Look WITHOUT_SCRIPT = new Look(ColorScheme.LIGHT, WIDE, false);

    String word() {
        return !script ? "without script" : width == NARROW ? "small" : colours == ColorScheme.DARK ? "dark" : "light";
    }
}
