.class public Ltest/careless/Splash;
.super Landroid/app/Activity;

.method public constructor <init>()V
    .registers 1
    invoke-direct {p0}, Landroid/app/Activity;-><init>()V
    return-void
.end method

.method public static services()V
    .registers 1
    const-string v0, "https://api.careless.test:8443/v1/tickets"
    const-string v0, "http://legacy.careless.test/status"
    const-string v0, "https://%s/formatted"
    const-string v0, "http://schemas.android.com/apk/res/android"
    return-void
.end method
