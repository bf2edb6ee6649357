.class public Ltest/desk/support/MainActivity;
.super Landroid/app/Activity;

.method public constructor <init>()V
    .registers 1
    invoke-direct {p0}, Landroid/app/Activity;-><init>()V
    return-void
.end method

.method protected onCreate(Landroid/os/Bundle;)V
    .registers 3
    invoke-super {p0, p1}, Landroid/app/Activity;->onCreate(Landroid/os/Bundle;)V
    const v0, 0x7f020000
    invoke-virtual {p0, v0}, Ltest/desk/support/MainActivity;->setContentView(I)V
    return-void
.end method

.method public static services()V
    .registers 1
    const-string v0, "https://portal.desk.test/"
    const-string v0, "https://api.desk.test/"
    const-string v0, "wss://chat.desk.test/"
    const-string v0, "https://tickets.desk.test/"
    const-string v0, "https://kb.desk.test/"
    const-string v0, "https://auth.desk.test/"
    const-string v0, "https://payments.desk.test/"
    const-string v0, "https://files.desk.test/"
    const-string v0, "https://analytics.desk.test/"
    return-void
.end method
